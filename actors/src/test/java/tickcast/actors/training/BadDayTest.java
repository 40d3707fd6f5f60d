package tickcast.actors.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.actors.Scenes.BTC;
import static tickcast.actors.Scenes.ETH;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.MarketClock;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Scenes;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.Forecaster.Forecast;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

/** A bad day for a model: whatever happens to the one that speaks, somebody goes on speaking and says why. */
class BadDayTest {

    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final int MINUTES = 3 * 1440 + 600;
    private static final Instant NOW = START.plus(Duration.ofMinutes(MINUTES));
    private static final String RECIPE = "recipe";

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString(
                    "akka.actor.testkit.typed.single-expect-default = 20s, akka.actor.testkit.typed.filter-leeway = 20s")
            .withFallback(ManualTime.config())
            .withFallback(Scenes.local()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final MemoryArchive archive = new MemoryArchive();
    private final MemoryRegistry registry = new MemoryRegistry();
    private final TestProbe<Published> published = kit.createTestProbe();
    private final TestProbe<Predictor.Answer> answers = kit.createTestProbe();
    private final ActorRef<Topic.Command<Published>> topic = Scenes.topic(kit);
    private final Map<Symbol, Map<Instant, Double>> closes = new HashMap<>();
    private final AtomicInteger trainings = new AtomicInteger();
    private final List<String> told = new ArrayList<>();
    private ActorRef<Predictor.Command> predictor;

    BadDayTest() {
        Topics.subscribe(topic, published.getRef());
        for (Symbol symbol : List.of(BTC, ETH)) {
            List<Candle> candles = Scenes.candles(symbol, START, MINUTES);
            archive.writeCandles(candles).toCompletableFuture().join();
            Map<Instant, Double> bySymbol = new TreeMap<>();
            candles.forEach(candle -> bySymbol.put(candle.closeTime(), candle.close()));
            closes.put(symbol, bySymbol);
        }
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    // --- the cast

    /** A model that knows a share of what will come; a negative share makes it worse than naive. */
    private String model(double foresight, Duration age, boolean mayPromote, String recipe) {
        ModelCard plain = MemoryRegistry.card(NOW.minus(age), mayPromote);
        ModelCard card = new ModelCard(
                "",
                plain.source(),
                plain.state(),
                plain.stateReason(),
                plain.createdAt(),
                plain.dataFrom(),
                plain.dataTo(),
                plain.rows(),
                plain.symbols(),
                plain.schemaId(),
                plain.schemaHash(),
                plain.features(),
                5,
                Map.of(RECIPE, recipe),
                plain.metrics(),
                mayPromote,
                plain.digest());
        return registry.with(card, foreseeing(foresight));
    }

    private Function<FeatureVector, Forecast> foreseeing(double share) {
        return vector -> {
            Double target = closes.get(vector.symbol()).get(vector.asOf().plus(Duration.ofMinutes(5)));
            double move = target == null ? 0.0001 : Math.log(target / vector.lastPrice());
            return new Forecast(share * move, 0.5, false);
        };
    }

    /** A live record over the last day: errors so many times as large as naive's. */
    private void record(String version, double size) {
        List<PredictionError> errors = new ArrayList<>();
        for (int i = MINUTES - 1000; i < MINUTES; i++) {
            Instant target = START.plus(Duration.ofMinutes(i));
            double naiveError = i % 2 == 0 ? 1 : -1;
            Prediction prediction =
                    prediction(version, target, Status.LIVE, null, 1000 - naiveError + naiveError * size);
            errors.add(new PredictionError(
                    prediction, target, true, null, 1000 - naiveError, 0, naiveError * size, naiveError, List.of()));
        }
        archive.writeErrors(errors).toCompletableFuture().join();
    }

    private static Prediction prediction(
            String version, Instant target, Status status, Reason reason, double predictedPrice) {
        Instant asOf = target.minus(Duration.ofMinutes(5));
        return new Prediction(
                BTC,
                "simulated",
                asOf,
                asOf,
                target,
                1000,
                predictedPrice,
                0.001,
                List.of(),
                0.5,
                version,
                "hash",
                status,
                reason,
                true,
                0.0005,
                new double[0]);
    }

    // --- the stage

    private void startPredictor() {
        Predictor.Settings settings = new Predictor.Settings(
                "simulated",
                Set.of(BTC),
                5,
                List.of(0.8, 0.95),
                Duration.ofSeconds(2),
                3,
                Duration.ofHours(48),
                2,
                Scenes.QUICK);
        predictor = kit.spawn(Predictor.create(
                settings,
                new Predictor.Partners(
                        archive, registry, topic, new MarketClock(InstantSource.fixed(NOW), Scenes.GRACE))));
    }

    private void startTrainer() {
        Recipe recipe = (history, served, now, createdAt) -> {
            trainings.incrementAndGet();
            return new TrainedModel(Map.of(), MemoryRegistry.card(now, true));
        };
        kit.spawn(Trainer.create(
                Trainer.Settings.of("", List.of(BTC, ETH), true),
                new Trainer.Partners(
                        archive,
                        registry,
                        recipe,
                        topic,
                        InstantSource.fixed(NOW),
                        CompletableFuture.completedFuture(""))));
    }

    private Prediction predicted(int minutesAfterNow) {
        Instant asOf = NOW.plus(Duration.ofMinutes(minutesAfterNow));
        double[] values = new double[FeatureSchema.current().size()];
        Arrays.fill(values, 0.1);
        FeatureVector vector =
                new FeatureVector(BTC, asOf, asOf, FeatureSchema.current().hash(), values, 1000, 0.0005, "");
        predictor.tell(new Predictor.Offer(
                vector,
                new Eligibility(true, false, 2000, true),
                new double[] {1.3, 2.1, 10},
                Pace.EVENT,
                answers.getRef()));
        return ((Predictor.Predicted) answers.receiveMessage()).prediction();
    }

    /** Waits until somebody says that another speaks, for such a reason. */
    private void awaitTold(String version, String reason) {
        while (told.stream().noneMatch(line -> line.startsWith(version + ": ") && line.contains(reason))) {
            if (published.receiveMessage() instanceof Published.ModelChanged changed) {
                told.add(changed.version() + ": " + changed.reason());
            }
        }
    }

    private void assertRecorded(ModelSwitch.Action action, String version, String reason) {
        List<ModelSwitch> history = registry.history();
        assertTrue(
                history.stream()
                        .anyMatch(entry -> entry.action() == action
                                && entry.version().equals(version)
                                && entry.reason().contains(reason)),
                action + " " + version + " " + reason + " in " + history);
    }

    private void awaitSpeaker(String version, Status status, Reason reason) {
        AtomicInteger minute = new AtomicInteger(1);
        answers.awaitAssert(() -> {
            Prediction prediction = predicted(minute.getAndIncrement());
            assertEquals(version, prediction.modelVersion());
            assertEquals(status, prediction.status());
            assertEquals(reason, prediction.reason());
            return null;
        });
    }

    // --- the day

    @Test
    void shouldPutAGoodChallengerInThePlaceOfAPoisonedChampion() {
        registry.promote(model(-0.5, Duration.ofHours(12), true, "a"), "first of all");
        model(0.3, Duration.ofHours(20), true, "b");
        record("1", 3);
        record("2", 0.8);
        startPredictor();
        startTrainer();

        awaitTold("2", "the live skill of model 1 is credibly below naive");
        awaitSpeaker("2", Status.LIVE, null);
        assertRecorded(ModelSwitch.Action.PROMOTE, "2", "live on 1,000 identical rows");
        assertEquals(ModelState.RETIRED, registry.find("1").orElseThrow().state());
    }

    @Test
    void shouldGoBackToAPredecessorThatIsBetter() {
        registry.promote(model(0.3, Duration.ofHours(20), true, "a"), "first of all");
        registry.promote(model(-0.5, Duration.ofHours(12), true, "a"), "poisoned");
        record("1", 0.8);
        record("2", 3);
        startPredictor();
        startTrainer();

        awaitTold("1", "rolled back to model 1: the live skill of model 2 is credibly below naive");
        awaitSpeaker("1", Status.LIVE, null);
        assertRecorded(ModelSwitch.Action.ROLLBACK, "1", "live on 1,000 identical rows");
        assertEquals(ModelState.RETIRED, registry.find("2").orElseThrow().state());
    }

    @Test
    void shouldGoBackToAPredecessorThatIsCrediblyBetterThoughBothBeatNaive() {
        registry.promote(model(0.3, Duration.ofHours(20), true, "a"), "first of all");
        registry.promote(model(0.3, Duration.ofHours(12), true, "a"), "newer");
        record("1", 0.7);
        record("2", 0.9);
        startTrainer();

        awaitTold("1", "model 2 is credibly worse than its predecessor");
        assertRecorded(ModelSwitch.Action.ROLLBACK, "1", "credibly worse than its predecessor");
    }

    @Test
    void shouldSilenceAPoisonedChampionWhenNobodyIsBetter() {
        registry.promote(model(0.3, Duration.ofHours(20), true, "a"), "first of all");
        registry.promote(model(-0.5, Duration.ofHours(12), true, "a"), "poisoned");
        record("1", 4);
        record("2", 3);
        startPredictor();
        startTrainer();

        awaitTold("naive", "model 2 is silenced");
        awaitSpeaker("naive", Status.FALLBACK, Reason.WORSE_THAN_NAIVE);
        assertRecorded(ModelSwitch.Action.SILENCE, "2", "credibly below naive");
        time.timePasses(Duration.ofHours(1));
        published.awaitAssert(() -> {
            assertEquals(1, trainings.get());
            return null;
        });
    }

    @Test
    void shouldLetTheNewestChallengerSpeakWhenTheChampionsFileIsCorrupt() {
        registry.promote(model(0.3, Duration.ofHours(12), true, "a"), "first of all");
        model(0.2, Duration.ofHours(20), true, "a");
        model(0.2, Duration.ofHours(10), false, "a");
        registry.corrupt("1");
        startPredictor();

        awaitTold("2", "model 1 can't be used: the files of model 1 are damaged; 2 speaks in its place");
        awaitSpeaker("2", Status.LIVE, null);
        assertRecorded(ModelSwitch.Action.REFUSE, "1", "damaged");

        startTrainer();
        awaitTold("2", "model 2 is champion now: the files of model 1 are damaged");
        assertEquals("2", registry.champion().orElseThrow().version());
        awaitSpeaker("2", Status.LIVE, null);
    }

    @Test
    void shouldSpeakNaivelyUntilTheOnlyModelCanBeReadAgain() {
        registry.promote(model(0.3, Duration.ofHours(12), true, "a"), "first of all");
        registry.corrupt("1");
        startPredictor();

        awaitTold("naive", "naive speaks in its place");
        awaitSpeaker("naive", Status.FALLBACK, Reason.NO_MODEL);
        startTrainer();
        awaitTold("naive", "is young enough");

        registry.mend("1");
        published.awaitAssert(() -> {
            time.timePasses(Duration.ofSeconds(10));
            Published event = published.receiveMessage(Duration.ofMillis(100));
            assertTrue(event instanceof Published.ModelChanged changed
                    && changed.version().equals("1")
                    && changed.reason().contains("can be used again"));
            return null;
        });
        awaitSpeaker("1", Status.LIVE, null);
    }

    @Test
    void shouldFallBackAndTrainWhenTheFeaturesHaveDrifted() {
        ModelCard card = MemoryRegistry.card(NOW.minus(Duration.ofHours(12)), true);
        registry.promote(registry.with(card, vector -> new Forecast(0.001, 0.6, true)), "first of all");
        List<Prediction> drifted = new ArrayList<>();
        for (int i = MINUTES - 100; i < MINUTES; i++) {
            drifted.add(prediction(
                    Prediction.NAIVE, START.plus(Duration.ofMinutes(i)), Status.FALLBACK, Reason.OUT_OF_RANGE, 1000));
        }
        archive.writePredictions(drifted).toCompletableFuture().join();
        startPredictor();
        awaitSpeaker("naive", Status.FALLBACK, Reason.OUT_OF_RANGE);

        startTrainer();

        published.awaitAssert(() -> {
            assertEquals(1, trainings.get());
            assertEquals(ModelState.CHALLENGER, registry.find("2").orElseThrow().state());
            return null;
        });
    }

    // --- an ordinary day

    @Test
    void shouldLetARoutineRetrainTakeOverWhenItIsBetterInReplay() {
        registry.promote(model(0.01, Duration.ofHours(32), true, "a"), "first of all");
        model(0.3, Duration.ofHours(8), true, "a");
        startTrainer();

        awaitTold("2", "better than model 1: in replay on");
        assertRecorded(ModelSwitch.Action.PROMOTE, "2", "in replay on");
        assertEquals(ModelState.CHALLENGER, registry.find("1").orElseThrow().state());
    }

    @Test
    void shouldNotLetAChallengerTakeOverThatIsWorseOrUnproven() {
        registry.promote(model(0.1, Duration.ofHours(32), true, "a"), "first of all");
        model(0.05, Duration.ofHours(9), true, "a");
        model(0.3, Duration.ofHours(8), true, "another recipe, without a live record");
        startTrainer();

        awaitTold("1", "young enough");
        time.timePasses(Duration.ofHours(2));
        assertEquals("1", registry.champion().orElseThrow().version());

        record("1", 0.8);
        record("3", 0.8);
        published.awaitAssert(() -> {
            time.timePasses(Duration.ofHours(1));
            assertEquals("3", registry.champion().orElseThrow().version());
            return null;
        });
    }

    @Test
    void shouldLetAChallengerTakeOverBeforeTheChampionIsTooOld() {
        registry.promote(model(0.1, Duration.ofHours(47), true, "a"), "first of all");
        model(0.05, Duration.ofHours(8), true, "a");
        startTrainer();

        awaitTold("2", "model 1 is too old to speak");
    }

    @Test
    void shouldKeepThePredecessorAndTheNewestInTheShadow() {
        registry.promote(model(0.1, Duration.ofHours(40), true, "a"), "first of all");
        registry.promote(model(0.3, Duration.ofHours(30), true, "a"), "second");
        model(0.1, Duration.ofHours(29), true, "b");
        model(0.1, Duration.ofHours(28), true, "b");
        startTrainer();

        published.awaitAssert(() -> {
            assertEquals(1, trainings.get());
            assertEquals(
                    List.of(
                            ModelState.CHALLENGER,
                            ModelState.RETIRED,
                            ModelState.RETIRED,
                            ModelState.CHAMPION,
                            ModelState.CHALLENGER),
                    registry.list().stream().map(ModelCard::state).toList());
            return null;
        });
        assertRecorded(ModelSwitch.Action.RETIRE, "3", "newer challengers took its place");
    }
}
