package tickcast.model.training;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tickcast.model.evaluation.BlockBootstrap;
import tickcast.model.evaluation.DieboldMariano;

/** What a list of outcomes, by rising target, comes to. Figures that can't be told are left out. */
final class BacktestFigures {

    private static final int BLOCK_MINUTES = 60;
    private static final int HOURS = 24;

    private final List<Outcome> outcomes;
    private final int horizonMinutes;
    private final Map<String, Double> figures = new LinkedHashMap<>();

    private BacktestFigures(List<Outcome> outcomes, int horizonMinutes) {
        this.outcomes = outcomes;
        this.horizonMinutes = horizonMinutes;
    }

    /** @param pooled whether several symbols are together: then errors count in expected moves only */
    static Map<String, Double> of(List<Outcome> outcomes, int horizonMinutes, boolean pooled) {
        BacktestFigures figures = new BacktestFigures(outcomes, horizonMinutes);
        figures.addErrors(pooled);
        figures.addDirection();
        for (int band = 0; !outcomes.isEmpty() && band < outcomes.get(0).bands().length; band++) {
            figures.addBand(band);
        }
        figures.addPinball();
        figures.figures.values().removeIf(value -> !Double.isFinite(value));
        return figures.figures;
    }

    private double mean(ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    private void addErrors(boolean pooled) {
        BlockBootstrap bootstrap = new BlockBootstrap(Math.max(BLOCK_MINUTES, 2 * horizonMinutes));
        DieboldMariano test = new DieboldMariano(horizonMinutes);
        for (Outcome outcome : outcomes) {
            double error = outcome.error() / outcome.unit();
            double naive = outcome.naiveError() / outcome.unit();
            bootstrap.add(outcome.epochMinute(), error, naive);
            test.add(outcome.epochMinute(), error, naive);
        }
        double scaled = mean(outcome -> outcome.error() / outcome.unit());
        double naiveScaled = mean(outcome -> outcome.naiveError() / outcome.unit());
        BlockBootstrap.Skill skill = bootstrap.skill();
        figures.put("count", (double) outcomes.size());
        figures.put("liveShare", mean(outcome -> outcome.live() ? 1 : 0));
        figures.put("mae", pooled ? scaled : mean(Outcome::error));
        figures.put("naiveMae", pooled ? naiveScaled : mean(Outcome::naiveError));
        figures.put("maeRatioScaled", scaled / naiveScaled);
        figures.put("skill", skill.value());
        figures.put("skillLow", skill.low());
        figures.put("skillHigh", skill.high());
        figures.put("dmPValue", test.pValue());
    }

    private void addDirection() {
        List<Outcome> said = outcomes.stream()
                .filter(Outcome::saidDirection)
                .sorted(Comparator.comparingDouble(Outcome::confidence).reversed())
                .toList();
        figures.put("directionAccuracy", accuracy(said));
        figures.put("topDecileAccuracy", accuracy(said.subList(0, said.size() / 10)));
    }

    private static double accuracy(List<Outcome> said) {
        return said.stream()
                .mapToInt(outcome -> outcome.right() ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private void addBand(int band) {
        String percent =
                Long.toString(Math.round(100 * outcomes.get(0).bands()[band].coverage()));
        figures.put("coverage" + percent, mean(outcome -> outcome.bands()[band].inside() ? 1 : 0));
        figures.put("winklerRatio" + percent, winklerRatio(band));
        figures.put("worstHourCoverage" + percent, worstHour(band));
    }

    private double winklerRatio(int band) {
        double own = 0;
        double rival = 0;
        for (Outcome outcome : outcomes) {
            if (!Double.isNaN(outcome.bands()[band].naiveWinkler())) {
                own += outcome.bands()[band].winkler();
                rival += outcome.bands()[band].naiveWinkler();
            }
        }
        return own / rival;
    }

    /** Coverage in the UTC hour in which it is furthest from what was promised. */
    private double worstHour(int band) {
        int[] inside = new int[HOURS];
        int[] count = new int[HOURS];
        for (Outcome outcome : outcomes) {
            count[outcome.asOfHour()]++;
            inside[outcome.asOfHour()] += outcome.bands()[band].inside() ? 1 : 0;
        }
        double promised = outcomes.get(0).bands()[band].coverage();
        double worst = promised;
        for (int hour = 0; hour < HOURS; hour++) {
            double share = (double) inside[hour] / count[hour];
            if (count[hour] > 0 && Math.abs(share - promised) > Math.abs(worst - promised)) {
                worst = share;
            }
        }
        return worst;
    }

    /** Pinball scores of all interval ends against the rival's: an interval's two add up to α/2 · Winkler. */
    private void addPinball() {
        double own = 0;
        double rival = 0;
        for (Outcome outcome : outcomes) {
            for (Outcome.Band band : outcome.bands()) {
                if (!Double.isNaN(band.naiveWinkler())) {
                    own += (1 - band.coverage()) / 2 * band.winkler();
                    rival += (1 - band.coverage()) / 2 * band.naiveWinkler();
                }
            }
        }
        figures.put("pinballRatio", own / rival);
    }
}
