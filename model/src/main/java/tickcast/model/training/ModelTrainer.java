package tickcast.model.training;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import tickcast.model.forecast.Ensemble;
import tickcast.model.forecast.Tails;
import tickcast.model.market.Times;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.TrainedModel;

/**
 * Trains one pooled model. First an ensemble is fitted on the earlier rows and tested on the later ones, with a purge
 * between: that decides whether the model may speak, and how sure its directions are. Then the same ensemble is fitted
 * on all rows: that is the model. A search for better hyper-parameters, when asked for, sees the earlier rows alone.
 * Deterministic: same rows, settings and number of threads, same bytes. Blocking, about
 * 10 s for 170,000 rows on two cores.
 */
public final class ModelTrainer {

    private static final int LEAST_ROWS = 500;
    private static final String XGBOOST = "2.1.4";

    private final TrainingSettings recipe;
    private final SearchSettings search;
    private final LongSupplier nanos;

    public ModelTrainer(TrainingSettings settings) {
        this(settings, SearchSettings.OFF, () -> 0);
    }

    /** @param nanos a clock for the search's budget, such as {@code System::nanoTime} */
    public ModelTrainer(TrainingSettings settings, SearchSettings search, LongSupplier nanos) {
        this.recipe = settings;
        this.search = search;
        this.nanos = nanos;
    }

    /**
     * @param set rows of which nothing is later than now
     * @param source key of the market source
     * @param createdAt now
     * @return the model, its digest and figures on the card
     * @throws NotEnoughHistory when there is too little to learn from
     */
    public TrainedModel train(TrainingSet set, String source, Instant createdAt, Progress progress) {
        requireEnough(set);
        HyperparameterSearch.Found found = search.isOn()
                ? new HyperparameterSearch(recipe, search, nanos).run(split(set).train, progress)
                : new HyperparameterSearch.Found(recipe, Map.of());
        Tested tested = test(set, found.settings(), progress);
        Map<String, byte[]> files = ReadableBoosters.beside(
                new EnsembleFitter(found.settings()).fit(set, tested.calibration, "training on all rows", progress));
        return new TrainedModel(Map.copyOf(files), card(set, source, createdAt, found, tested, files));
    }

    private void requireEnough(TrainingSet set) {
        if (set.horizonMinutes() != recipe.horizonMinutes()) {
            throw new IllegalArgumentException(
                    "the rows look " + set.horizonMinutes() + " minutes ahead, the model " + recipe.horizonMinutes());
        }
        if (set.history().compareTo(recipe.minimumHistory()) < 0) {
            throw new NotEnoughHistory(String.format(
                    Locale.ROOT,
                    "%.1f days of history are there (%s to %s), %.1f are needed to train",
                    days(set.history()),
                    Times.iso(set.historyFrom()),
                    Times.iso(set.historyTo()),
                    days(recipe.minimumHistory())));
        }
        Split split = split(set);
        if (split.train.rows() < LEAST_ROWS || split.test.rows() < LEAST_ROWS / 5) {
            throw new NotEnoughHistory(set.rows() + " complete rows are there, " + split.train.rows()
                    + " to train and " + split.test.rows() + " to test; " + LEAST_ROWS + " and " + LEAST_ROWS / 5
                    + " are needed");
        }
    }

    private static double days(Duration duration) {
        return duration.toMinutes() / 1440.0;
    }

    /** Earlier rows, later rows, and a purge between. */
    record Split(TrainingSet train, TrainingSet test) {}

    Split split(TrainingSet set) {
        if (set.rows() == 0) {
            return new Split(set, set);
        }
        Instant testFrom = set.asOf((int) (set.rows() * (1 - recipe.testShare())));
        Instant trainTo = testFrom.minus(Duration.ofMinutes(recipe.purgeMinutes()));
        return new Split(set.before(trainTo), set.since(testFrom));
    }

    private record Tested(Map<String, Double> metrics, Calibration calibration, Split split) {}

    private Tested test(TrainingSet set, TrainingSettings settings, Progress progress) {
        Split split = split(set);
        Map<String, byte[]> files =
                new EnsembleFitter(settings).fit(split.train, Calibration.UNKNOWN, "training for the test", progress);
        try {
            Ensemble ensemble = Ensemble.load(files);
            float[] rows = Design.matrix(split.test, ensemble.spec().indices());
            int count = split.test.rows();
            HeldOut heldOut = new HeldOut(
                    split.test, ensemble.score(rows, count), ensemble.scale(rows, count), settings.shrink());
            progress.at("test", 1);
            return new Tested(heldOut.metrics(), heldOut.calibration(), split);
        } catch (IOException bug) {
            throw new IllegalStateException("a model just trained can't be read", bug);
        }
    }

    private ModelCard card(
            TrainingSet set,
            String source,
            Instant createdAt,
            HyperparameterSearch.Found found,
            Tested tested,
            Map<String, byte[]> files) {
        EnsembleSpec spec;
        try {
            spec = EnsembleSpec.read(files.get(EnsembleSpec.FILE));
        } catch (IOException bug) {
            throw new IllegalStateException("a description just written can't be read", bug);
        }
        return new ModelCard(
                "",
                source,
                ModelState.CHALLENGER,
                "just trained",
                createdAt,
                set.asOf(0),
                set.asOf(set.rows() - 1).plus(Duration.ofMinutes(set.horizonMinutes())),
                set.rows(),
                set.symbolNames(),
                set.schemaId(),
                set.schemaHash(),
                spec.features(),
                set.horizonMinutes(),
                parameters(set, found, tested),
                tested.metrics,
                tested.metrics.get("skillLow") > 0,
                ModelDigest.of(files));
    }

    private Map<String, String> parameters(TrainingSet set, HyperparameterSearch.Found found, Tested tested) {
        TrainingSettings settings = found.settings();
        BoosterSettings booster = settings.booster();
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("members", settings.members().toString());
        parameters.put("rounds", Integer.toString(booster.rounds()));
        parameters.put("eta", Double.toString(booster.eta()));
        parameters.put("maxDepth", Integer.toString(booster.maxDepth()));
        parameters.put("minChildWeight", Double.toString(booster.minChildWeight()));
        parameters.put("subsample", Double.toString(booster.subsample()));
        parameters.put("colsampleByTree", Double.toString(booster.colsampleByTree()));
        parameters.put("lambda", Double.toString(booster.lambda()));
        parameters.put("maxBin", Integer.toString(booster.maxBin()));
        parameters.put("scaleRounds", Integer.toString(settings.scaleBooster().rounds()));
        parameters.put("scaleEta", Double.toString(settings.scaleBooster().eta()));
        parameters.put("scaleRidgeShare", Double.toString(settings.scaleRidgeShare()));
        parameters.put("tails", tails(tested.calibration.pooled()));
        tested.calibration.bySymbol().forEach((symbol, tails) -> parameters.put("tails " + symbol, tails(tails)));
        parameters.put("ridgeShare", Double.toString(settings.ridgeShare()));
        parameters.put("shrink", Double.toString(settings.shrink()));
        parameters.put("upSlope", Double.toString(tested.calibration.upSlope()));
        parameters.put("seed", Integer.toString(settings.seed()));
        parameters.put("threads", Integer.toString(settings.threads()));
        parameters.put("testFrom", Times.iso(tested.split.test.asOf(0)));
        parameters.put("testTrainRows", Integer.toString(tested.split.train.rows()));
        parameters.put("purgeMinutes", Integer.toString(settings.purgeMinutes()));
        parameters.put("dataDigest", set.digest());
        parameters.put("xgboost", XGBOOST);
        parameters.putAll(Lineage.of(recipe, search));
        parameters.putAll(found.record());
        return parameters;
    }

    /** {@code 80 % 1.31, 95 % 2.24}: half widths, in expected moves. */
    private static String tails(Tails tails) {
        return String.format(Locale.ROOT, "80 %% %.4f, 95 %% %.4f", tails.halfWidth(0.8), tails.halfWidth(0.95));
    }
}
