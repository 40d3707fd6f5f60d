package tickcast.model.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import tickcast.model.market.Symbol;

/**
 * What a backtest found, by symbol and jointly, over one history or several pooled. {@code skill} and
 * {@code maeRatioScaled} are of errors divided by the expected move (last price · σ√horizon); {@code mae} and {@code rmse}
 * are in the quote asset, jointly in expected moves; Winkler and pinball scores and widths are in log price, the scores
 * against the empirical quantiles of the last day. Thread safe.
 */
public final class BacktestReport {

    private final int horizonMinutes;
    private final List<BacktestRun> runs;
    private final Map<String, Map<String, Double>> symbols = new TreeMap<>();
    private final Map<String, BacktestDetails> details = new TreeMap<>();
    private final Map<String, Map<String, Double>> course = new TreeMap<>();
    private final FeatureImportance importance = new FeatureImportance();
    private final Map<String, Double> joint;
    private final BacktestDetails jointDetails;
    private final Map<String, Double> jointCourse;

    BacktestReport(int horizonMinutes, List<BacktestRun> runs) {
        this.horizonMinutes = horizonMinutes;
        this.runs = List.copyOf(runs);
        Map<Symbol, List<Outcome>> bySymbol = new TreeMap<>();
        for (BacktestRun run : runs) {
            importance.addAll(run.models().importance());
            run.outcomes()
                    .forEach((symbol, own) -> bySymbol.computeIfAbsent(symbol, key -> new ArrayList<>())
                            .addAll(own));
        }
        List<Outcome> all = new ArrayList<>();
        CourseFigures everyCourse = new CourseFigures();
        bySymbol.forEach((symbol, own) -> {
            own.sort(Comparator.comparingLong(Outcome::epochMinute));
            symbols.put(symbol.name(), BacktestFigures.of(own, horizonMinutes, false));
            details.put(symbol.name(), BacktestDetails.of(own));
            CourseFigures figures = new CourseFigures();
            runs.forEach(run -> figures.add(run, symbol));
            runs.forEach(run -> everyCourse.add(run, symbol));
            course.put(symbol.name(), figures.figures());
            all.addAll(own);
        });
        all.sort(Comparator.comparingLong(Outcome::epochMinute));
        this.joint = BacktestFigures.of(all, horizonMinutes, true);
        this.jointDetails = BacktestDetails.of(all);
        this.jointCourse = everyCourse.figures();
        course.values().removeIf(Map::isEmpty);
    }

    /** The same over all their histories together. @throws IllegalArgumentException when there is none, or horizons differ */
    public static BacktestReport pooled(List<BacktestReport> reports) {
        if (reports.isEmpty()
                || reports.stream()
                                .mapToInt(BacktestReport::horizonMinutes)
                                .distinct()
                                .count()
                        > 1) {
            throw new IllegalArgumentException("reports of one horizon can be pooled");
        }
        return new BacktestReport(
                reports.get(0).horizonMinutes,
                reports.stream().flatMap(report -> report.runs.stream()).toList());
    }

    /** Errors of the course recipe against naive, in expected moves. */
    private static final class CourseFigures {

        private double error;
        private double naive;
        private int count;

        void add(BacktestRun run, Symbol symbol) {
            Map<Long, Double> said = run.course().getOrDefault(symbol, Map.of());
            for (Outcome outcome : run.outcomes().getOrDefault(symbol, List.of())) {
                Double price = said.get(outcome.epochMinute());
                if (price != null) {
                    error += Math.abs(price - outcome.actual()) / outcome.unit();
                    naive += outcome.naiveError();
                    count++;
                }
            }
        }

        Map<String, Double> figures() {
            Map<String, Double> figures = new LinkedHashMap<>();
            if (count > 0 && naive > 0) {
                figures.put("count", (double) count);
                figures.put("maeRatioScaled", error / naive);
            }
            return figures;
        }
    }

    public int horizonMinutes() {
        return horizonMinutes;
    }

    /** @param testedFrom first as-of that counts @param pinned the one model that spoke, empty when models were trained */
    public record Period(Instant from, Instant testedFrom, Instant to, String pinned) {}

    /** What was walked through. */
    public List<Period> periods() {
        return runs.stream()
                .map(run -> new Period(
                        run.from(), run.testedFrom(), run.to(), run.models().pinned()))
                .toList();
    }

    /** One for each history. */
    List<BacktestRun> runs() {
        return runs;
    }

    /** Models trained. */
    int models() {
        return runs.stream().mapToInt(run -> run.models().models()).sum();
    }

    /** How many of them earned the right to speak. */
    int earned() {
        return runs.stream().mapToInt(run -> run.models().earned()).sum();
    }

    /** Figures by symbol name. */
    public Map<String, Map<String, Double>> symbols() {
        return Map.copyOf(symbols);
    }

    /** Figures of all symbols together. */
    public Map<String, Double> joint() {
        return Map.copyOf(joint);
    }

    /** Where the figures come from, by symbol name. */
    public Map<String, BacktestDetails> details() {
        return Map.copyOf(details);
    }

    /** Where the joint figures come from. */
    public BacktestDetails jointDetails() {
        return jointDetails;
    }

    /** The second baseline's figures by symbol name: {@code count}, {@code maeRatioScaled}; empty when it was not asked for. */
    public Map<String, Map<String, Double>> course() {
        return Map.copyOf(course);
    }

    /** Those of all symbols together; empty when it was not asked for. */
    public Map<String, Double> jointCourse() {
        return Map.copyOf(jointCourse);
    }

    /** Features by their share in the forecasts of the price, the largest first. */
    public Map<String, Double> priceImportance() {
        return importance.ofPrice();
    }

    /** Features by their share in the forecasts of the size of moves, the largest first. */
    public Map<String, Double> scaleImportance() {
        return importance.ofScale();
    }

    /** Mean of the trainings; NaN without one. */
    public double trainSeconds() {
        return models() == 0 ? Double.NaN : sum(run -> run.models().trainNanos()) / 1e9 / models();
    }

    /** Mean time to score a row in the batches of the walk; NaN when none was scored. */
    public double predictMicrosPerRow() {
        long rows = sum(BacktestRun::scoredRows);
        return rows == 0 ? Double.NaN : sum(BacktestRun::scoreNanos) / 1e3 / rows;
    }

    private long sum(ToLongFunction<BacktestRun> value) {
        return runs.stream().mapToLong(value).sum();
    }

    /** The coverages that were judged, as figures are named by them: {@code 80} of 0.8. Rising. */
    public List<String> percents() {
        String name = "coverage";
        return joint().keySet().stream()
                .filter(figure -> figure.matches(name + "[0-9]+"))
                .map(figure -> figure.substring(name.length()))
                .sorted(Comparator.comparingInt(Integer::parseInt))
                .toList();
    }

    /** One line of JSON; what could not be told has no key. */
    public String toJson() {
        return BacktestText.json(this);
    }

    /** A table for people, a row per symbol and one for all. */
    public String toTable() {
        return BacktestText.table(this);
    }
}
