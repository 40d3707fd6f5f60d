package tickcast.model.training;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Where a backtest's figures come from. Rows of plain figures, ready for JSON and charts; what can't be told is left out.
 *
 * @param confidenceDeciles directions by how sure they were, the surest tenth last: {@code confidence} (mean distance of
 *     the probability of a rise from 0.5), {@code count}, {@code accuracy}
 * @param probabilityCurve tenths by the probability of a rise: {@code probability} (mean), {@code count}, {@code up} (share
 *     that rose, a price that stayed counting half)
 * @param byHour UTC hours of the as-of: {@code hour}, {@code count}, {@code maeRatioScaled}, {@code coverage80},
 *     {@code width80} …, widths in log price
 * @param byDay UTC days of the as-of, likewise, with {@code day} as days since the epoch, and {@code winklerRatio80} …
 * @param worstDays those days of at least an hour on which naive was furthest ahead, the worst first
 */
public record BacktestDetails(
        List<Map<String, Double>> confidenceDeciles,
        List<Map<String, Double>> probabilityCurve,
        List<Map<String, Double>> byHour,
        List<Map<String, Double>> byDay,
        List<Map<String, Double>> worstDays) {

    private static final int TENTHS = 10;
    private static final int MOST_WORST_DAYS = 5;
    private static final int LEAST_OF_A_DAY = 60;

    static BacktestDetails of(List<Outcome> outcomes) {
        List<Map<String, Double>> days = groups(outcomes, "day", outcome -> (double) outcome.day());
        return new BacktestDetails(
                deciles(outcomes),
                curve(outcomes),
                groups(outcomes, "hour", outcome -> (double) outcome.hour()),
                days,
                days.stream()
                        .filter(day -> day.get("count") >= LEAST_OF_A_DAY)
                        .sorted(Comparator.comparingDouble((Map<String, Double> day) -> day.get("maeRatioScaled"))
                                .reversed())
                        .limit(MOST_WORST_DAYS)
                        .toList());
    }

    /** A day of {@link #byDay} or {@link #worstDays}. */
    public static LocalDate date(Map<String, Double> day) {
        return LocalDate.ofEpochDay(day.get("day").longValue());
    }

    private static List<Map<String, Double>> deciles(List<Outcome> outcomes) {
        List<Outcome> said = outcomes.stream()
                .filter(Outcome::saidDirection)
                .sorted(Comparator.comparingDouble(Outcome::confidence))
                .toList();
        List<Map<String, Double>> rows = new ArrayList<>();
        for (List<Outcome> tenth : tenths(said)) {
            Map<String, Double> row = new LinkedHashMap<>();
            row.put(
                    "confidence",
                    tenth.stream().mapToDouble(Outcome::confidence).average().orElseThrow());
            row.put("count", (double) tenth.size());
            row.put("accuracy", BacktestFigures.accuracy(tenth));
            rows.add(row);
        }
        return rows;
    }

    private static List<Map<String, Double>> curve(List<Outcome> outcomes) {
        List<Outcome> live = outcomes.stream()
                .filter(Outcome::live)
                .sorted(Comparator.comparingDouble(Outcome::probabilityUp))
                .toList();
        List<Map<String, Double>> rows = new ArrayList<>();
        for (List<Outcome> tenth : tenths(live)) {
            Map<String, Double> row = new LinkedHashMap<>();
            row.put(
                    "probability",
                    tenth.stream().mapToDouble(Outcome::probabilityUp).average().orElseThrow());
            row.put("count", (double) tenth.size());
            row.put("up", tenth.stream().mapToDouble(Outcome::up).average().orElseThrow());
            rows.add(row);
        }
        return rows;
    }

    /** Mean distance between what was said and what came over the tenths of the curve; NaN when no model spoke. */
    static double calibrationError(List<Outcome> outcomes) {
        double distance = 0;
        double count = 0;
        for (Map<String, Double> row : curve(outcomes)) {
            distance += row.get("count") * Math.abs(row.get("probability") - row.get("up"));
            count += row.get("count");
        }
        return distance / count;
    }

    private static List<List<Outcome>> tenths(List<Outcome> sorted) {
        List<List<Outcome>> tenths = new ArrayList<>();
        for (int i = 0; i < TENTHS; i++) {
            int from = (int) ((long) sorted.size() * i / TENTHS);
            int to = (int) ((long) sorted.size() * (i + 1) / TENTHS);
            if (from < to) {
                tenths.add(sorted.subList(from, to));
            }
        }
        return tenths;
    }

    private static List<Map<String, Double>> groups(
            List<Outcome> outcomes, String key, Function<Outcome, Double> group) {
        Map<Double, List<Outcome>> groups = new TreeMap<>();
        outcomes.forEach(outcome -> groups.computeIfAbsent(group.apply(outcome), value -> new ArrayList<>())
                .add(outcome));
        List<Map<String, Double>> rows = new ArrayList<>();
        groups.forEach((value, members) -> {
            Map<String, Double> row = new LinkedHashMap<>();
            row.put(key, value);
            row.putAll(figures(members));
            rows.add(row);
        });
        return rows;
    }

    private static Map<String, Double> figures(List<Outcome> outcomes) {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put("count", (double) outcomes.size());
        double naive = outcomes.stream().mapToDouble(Outcome::naiveError).sum();
        row.put(
                "maeRatioScaled",
                naive > 0 ? outcomes.stream().mapToDouble(Outcome::error).sum() / naive : 1);
        for (int i = 0; i < outcomes.get(0).bands().length; i++) {
            int band = i;
            String percent = outcomes.get(0).bands()[band].percent();
            row.put("coverage" + percent, share(outcomes, band));
            row.put(
                    "width" + percent,
                    outcomes.stream()
                            .mapToDouble(o -> o.bands()[band].width())
                            .average()
                            .orElseThrow());
            double rival = outcomes.stream()
                    .mapToDouble(o -> o.bands()[band].naiveWinkler())
                    .sum();
            if (rival > 0) {
                row.put(
                        "winklerRatio" + percent,
                        outcomes.stream()
                                        .mapToDouble(o -> o.bands()[band].winkler())
                                        .sum()
                                / rival);
            }
        }
        return row;
    }

    private static double share(List<Outcome> outcomes, int band) {
        return outcomes.stream()
                .mapToInt(outcome -> outcome.bands()[band].inside() ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
