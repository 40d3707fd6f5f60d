package tickcast.model.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import tickcast.model.forecast.Ensemble;
import tickcast.model.market.Times;

/**
 * Looks for better hyper-parameters by random search (Bergstra and Bengio, 2012) on inner walk-forward folds of a training
 * range. A candidate takes the recipe's place when it errs less in every fold; among those the least mean decides. Mostly
 * chance decides between good candidates, and the rule keeps a lucky one out. Deterministic unless time runs out. Blocking:
 * a candidate costs about one and a half trainings.
 */
final class HyperparameterSearch {

    private final TrainingSettings recipe;
    private final SearchSettings search;
    private final LongSupplier nanos;

    /** @param nanos a clock for the budget, such as {@code System::nanoTime} */
    HyperparameterSearch(TrainingSettings recipe, SearchSettings search, LongSupplier nanos) {
        this.recipe = recipe;
        this.search = search;
        this.nanos = nanos;
    }

    /** A candidate's mean absolute errors as shares of naive ones, by fold; errors in expected moves. */
    record Trial(Candidate candidate, double[] ratios) {

        double mean() {
            return Arrays.stream(ratios).average().orElseThrow();
        }

        boolean isBetterEverywhere(Trial other) {
            return IntStream.range(0, ratios.length).allMatch(i -> ratios[i] < other.ratios[i]);
        }

        String text() {
            StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "MAE/naive %.5f (by fold", mean()));
            for (double ratio : ratios) {
                text.append(String.format(Locale.ROOT, " %.5f", ratio));
            }
            return text.append("): ").append(candidate).toString();
        }
    }

    /**
     * What was found.
     *
     * @param settings to train with
     * @param record for the model's card: what was tried, on what, and what was taken
     */
    record Found(TrainingSettings settings, Map<String, String> record) {}

    /** @param range of the training; nothing later is looked at */
    Found run(TrainingSet range, Progress progress) {
        long begun = nanos.getAsLong();
        List<InnerFold> folds = InnerFold.of(range, recipe.purgeMinutes());
        List<Candidate> candidates = Candidate.draw(recipe, search.trials(), search.seed());
        List<double[]> scales = new ArrayList<>();
        List<Trial> trials = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (!trials.isEmpty() && isOver(begun)) {
                break;
            }
            progress.at("search", (double) trials.size() / candidates.size());
            trials.add(trial(candidate, folds, scales));
        }
        Trial best = best(trials);
        return new Found(best.candidate.applyTo(recipe), record(folds, trials, best));
    }

    private boolean isOver(long begun) {
        return !search.budget().isZero()
                && nanos.getAsLong() - begun >= search.budget().toNanos();
    }

    private static Trial best(List<Trial> trials) {
        Trial shipped = trials.get(0);
        return trials.stream()
                .filter(trial -> trial.isBetterEverywhere(shipped))
                .min(Comparator.comparingDouble(Trial::mean))
                .orElse(shipped);
    }

    /** @param scales forecasts of realised volatility by fold; the first trial makes them, and they hold for all */
    private Trial trial(Candidate candidate, List<InnerFold> folds, List<double[]> scales) {
        boolean isFirst = scales.isEmpty();
        TrainingSettings all = candidate.applyTo(recipe);
        TrainingSettings settings = isFirst
                ? all
                : all.withMembers(
                        recipe.members().stream().filter(Member::forecastsPrice).toList());
        double[] ratios = new double[folds.size()];
        for (int i = 0; i < ratios.length; i++) {
            InnerFold fold = folds.get(i);
            Ensemble ensemble = fit(settings, fold.fit());
            float[] rows = Design.matrix(fold.judge(), ensemble.spec().indices());
            if (isFirst) {
                scales.add(ensemble.scale(rows, fold.judge().rows()));
            }
            ratios[i] =
                    ratio(fold.judge(), ensemble.score(rows, fold.judge().rows()), scales.get(i), candidate.shrink());
        }
        return new Trial(candidate, ratios);
    }

    private static Ensemble fit(TrainingSettings settings, TrainingSet part) {
        try {
            return Ensemble.load(
                    new EnsembleFitter(settings).fit(part, Calibration.UNKNOWN, "search", Progress.SILENT));
        } catch (IOException bug) {
            throw new IllegalStateException("a model just trained can't be read", bug);
        }
    }

    private static double ratio(TrainingSet judge, double[] z, double[] scale, double shrink) {
        double errors = 0;
        double naive = 0;
        for (int i = 0; i < z.length; i++) {
            errors += Math.abs(judge.z(i) - shrink * scale[i] * z[i]);
            naive += Math.abs(judge.z(i));
        }
        return errors / naive;
    }

    private Map<String, String> record(List<InnerFold> folds, List<Trial> trials, Trial best) {
        Map<String, String> record = new TreeMap<>();
        int asked = search.trials();
        int done = trials.size() - 1;
        record.put(
                "search",
                done + " trials beside the recipe, seed " + search.seed()
                        + (done < asked ? "; the budget of " + search.budget() + " ended it before " + asked : ""));
        record.put("searchTaken", best == trials.get(0) ? "the recipe" : "trial " + trials.indexOf(best));
        for (int i = 0; i < folds.size(); i++) {
            TrainingSet fit = folds.get(i).fit();
            TrainingSet judge = folds.get(i).judge();
            record.put(
                    "searchFold " + i,
                    "fitted on " + fit.rows() + " rows up to " + Times.iso(fit.asOf(fit.rows() - 1)) + ", judged by "
                            + judge.rows() + " from " + Times.iso(judge.asOf(0)) + " to "
                            + Times.iso(judge.asOf(judge.rows() - 1)));
        }
        for (int i = 0; i < trials.size(); i++) {
            record.put(
                    String.format(Locale.ROOT, "searchTrial %03d", i),
                    (i == 0 ? "the recipe, " : "") + trials.get(i).text());
        }
        return record;
    }
}
