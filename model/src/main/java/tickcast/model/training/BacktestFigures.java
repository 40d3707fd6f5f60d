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
    private static final double EVEN_BRIER = 0.25;

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
        figures.addSkill();
        figures.addDirection();
        figures.addProbability();
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
        ToDoubleFunction<Outcome> unit = outcome -> pooled ? 1 : outcome.unit();
        double scaled = mean(Outcome::error);
        double naiveScaled = mean(Outcome::naiveError);
        figures.put("count", (double) outcomes.size());
        figures.put("liveShare", mean(outcome -> outcome.live() ? 1 : 0));
        figures.put("mae", mean(outcome -> outcome.error() * unit.applyAsDouble(outcome)));
        figures.put("naiveMae", mean(outcome -> outcome.naiveError() * unit.applyAsDouble(outcome)));
        figures.put("rmse", Math.sqrt(mean(outcome -> square(outcome.error() * unit.applyAsDouble(outcome)))));
        figures.put(
                "naiveRmse", Math.sqrt(mean(outcome -> square(outcome.naiveError() * unit.applyAsDouble(outcome)))));
        figures.put("maeRatioScaled", scaled / naiveScaled);
    }

    private static double square(double value) {
        return value * value;
    }

    private int blockMinutes() {
        return Math.max(BLOCK_MINUTES, 2 * horizonMinutes);
    }

    private void addSkill() {
        BlockBootstrap bootstrap = new BlockBootstrap(blockMinutes());
        DieboldMariano test = new DieboldMariano(horizonMinutes);
        for (Outcome outcome : outcomes) {
            bootstrap.add(outcome.epochMinute(), outcome.error(), outcome.naiveError());
            test.add(outcome.epochMinute(), outcome.error(), outcome.naiveError());
        }
        BlockBootstrap.Skill skill = bootstrap.skill();
        figures.put("skill", skill.value());
        figures.put("skillLow", skill.low());
        figures.put("skillHigh", skill.high());
        figures.put("dmPValue", test.pValue());
    }

    private void addDirection() {
        List<Outcome> said = outcomes.stream().filter(Outcome::saidDirection).toList();
        BlockBootstrap bootstrap = new BlockBootstrap(blockMinutes());
        said.forEach(outcome -> bootstrap.add(outcome.epochMinute(), outcome.right() ? 0 : 1, 1));
        BlockBootstrap.Skill share = bootstrap.skill();
        List<Outcome> surest = said.stream()
                .sorted(Comparator.comparingDouble(Outcome::confidence).reversed())
                .limit(said.size() / 10)
                .toList();
        figures.put("directionAccuracy", accuracy(said));
        figures.put("directionLow", share.low());
        figures.put("directionHigh", share.high());
        figures.put("topDecileAccuracy", accuracy(surest));
    }

    static double accuracy(List<Outcome> said) {
        return said.stream()
                .mapToInt(outcome -> outcome.right() ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    /** How much better than 0.5 the probabilities of a rise are, and how far from what came: Brier (1950). */
    private void addProbability() {
        double brier = mean(outcome -> square(outcome.probabilityUp() - outcome.up()));
        double even = mean(outcome -> outcome.actual() == outcome.last() ? 0 : EVEN_BRIER);
        figures.put("brierSkill", 1 - brier / even);
        figures.put("upCalibrationError", BacktestDetails.calibrationError(outcomes));
    }

    private void addBand(int band) {
        Outcome.Band first = outcomes.get(0).bands()[band];
        String percent = first.percent();
        figures.put("coverage" + percent, mean(outcome -> outcome.bands()[band].inside() ? 1 : 0));
        figures.put("width" + percent, mean(outcome -> outcome.bands()[band].width()));
        figures.put("winklerRatio" + percent, winklerRatio(band));
        figures.put("worstHourCoverage" + percent, worstHour(band, first.coverage()));
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
    private double worstHour(int band, double promised) {
        int[] inside = new int[HOURS];
        int[] count = new int[HOURS];
        for (Outcome outcome : outcomes) {
            count[outcome.hour()]++;
            inside[outcome.hour()] += outcome.bands()[band].inside() ? 1 : 0;
        }
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
