package tickcast.actors.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.actors.Scenes.BTC;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import akka.actor.typed.receptionist.Receptionist;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Protocol;
import tickcast.actors.Scenes;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.HistoryProgress;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.NotEnoughHistory;

class TrainerTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(Scenes.local()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final MemoryArchive archive = new MemoryArchive();
    private final MemoryRegistry registry = new MemoryRegistry();
    private final TestProbe<Published> published = kit.createTestProbe();
    private final TestProbe<Predictor.Command> predictor = kit.createTestProbe();
    private final TestProbe<Trainer.Switched> switched = kit.createTestProbe();
    private final TestProbe<Trainer.Verdict> verdicts = kit.createTestProbe();
    private final ActorRef<Topic.Command<Published>> topic = Scenes.topic(kit);
    private Predictor.UseModels last = new Predictor.UseModels("", List.of(), "");
    private final AtomicInteger trainings = new AtomicInteger();
    private final List<Candle> candles = Scenes.candles(BTC, START, 2000);

    TrainerTest() {
        Topics.subscribe(topic, published.getRef());
        kit.system().receptionist().tell(Receptionist.register(Predictor.KEY, predictor.getRef()));
        archive.writeCandles(candles).toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Recipe training(boolean mayPromote) {
        return (history, served, now, createdAt) -> {
            trainings.incrementAndGet();
            assertEquals(2000, history.candles().get(BTC).size());
            return new TrainedModel(Map.of(), MemoryRegistry.card(now, mayPromote));
        };
    }

    private Trainer.Partners partners(Recipe recipe) {
        return new Trainer.Partners(
                archive, registry, recipe, topic, InstantSource.fixed(START), CompletableFuture.completedFuture(""));
    }

    private ActorRef<Trainer.Command> start(Recipe recipe, boolean enabled) {
        return kit.spawn(Trainer.create(Trainer.Settings.of("", List.of(BTC), enabled), partners(recipe)));
    }

    private Trainer.Verdict verdict(ActorRef<Trainer.Command> trainer) {
        trainer.tell(new Trainer.AwaitFirstVerdict(verdicts.getRef()));
        return verdicts.receiveMessage();
    }

    /** The next orders that differ from the last ones. */
    private Predictor.UseModels orders() {
        Predictor.UseModels before = last;
        while (last.equals(before)) {
            last = predictor.expectMessageClass(Predictor.UseModels.class);
        }
        return last;
    }

    private String toldOfChange() {
        return ((Published.ModelChanged) published.receiveMessage()).version();
    }

    @Test
    void shouldTrainAtOnceAndLetAModelSpeakThatBeatNaive() {
        assertEquals("1", verdict(start(training(true), true)).version());

        assertEquals(new Predictor.UseModels("1", List.of(), ""), orders());
        assertEquals("1", toldOfChange());
        assertEquals("1", registry.champion().orElseThrow().version());
    }

    @Test
    void shouldKeepAModelInTheShadowThatDidNotBeatNaive() {
        assertEquals("naive", verdict(start(training(false), true)).version());

        assertEquals(new Predictor.UseModels("", List.of("1"), ""), orders());
    }

    @Test
    void shouldSayThatHistoryIsTooShortAndTryAgainLater() {
        Recipe recipe = (history, served, now, createdAt) -> {
            int attempt = trainings.incrementAndGet();
            if (attempt < 4) {
                String days = attempt < 3 ? "1.4" : "9.0";
                throw new NotEnoughHistory(days + " days of history are there, 14.0 are needed to train");
            }
            return new TrainedModel(Map.of(), MemoryRegistry.card(now, true));
        };
        ActorRef<Trainer.Command> trainer = start(recipe, true);

        assertEquals(
                new Trainer.Verdict("naive", "1.4 days of history are there, 14.0 are needed to train"),
                verdict(trainer));
        assertEquals("naive", toldOfChange());
        published.awaitAssert(() -> {
            time.timePasses(Duration.ofMinutes(5));
            assertEquals("1", registry.champion().orElseThrow().version());
            return null;
        });
        Published.ModelChanged grown = (Published.ModelChanged) published.receiveMessage();
        assertEquals("9.0 days of history are there, 14.0 are needed to train", grown.reason(), "told as it grows");
        assertEquals("1", toldOfChange());
    }

    @Test
    void shouldNotTrainAgainWhileTheChampionIsYoung() {
        registry.withChampion(START.plus(Duration.ofMinutes(2000)).minus(Duration.ofHours(23)));

        assertEquals("1", verdict(start(training(true), true)).version());

        assertEquals(0, trainings.get());
        assertEquals("1", orders().champion());
    }

    @Test
    void shouldPinTheChampionWhenTrainingIsSwitchedOff() {
        registry.withChampion(START.minus(Duration.ofDays(30)));
        ActorRef<Trainer.Command> trainer = start(training(true), false);

        assertEquals("1", verdict(trainer).version());
        time.timePasses(Duration.ofDays(3));

        assertEquals("1", verdict(trainer).version());
        assertEquals(0, trainings.get());
    }

    @Test
    void shouldSurviveATrainingThatCrashes() {
        Recipe recipe = (history, served, now, createdAt) -> {
            throw new IllegalStateException("a bug");
        };
        Trainer.Verdict verdict = verdict(start(recipe, true));

        assertEquals("naive", verdict.version());
        assertTrue(verdict.reason().contains("a bug"));
    }

    @Test
    void shouldSayWhatFailedThoughTheRegistryIsAwayThen() {
        Recipe recipe = (history, served, now, createdAt) -> {
            registry.setAway(true);
            throw new CompletionException(new IllegalStateException("a bug"));
        };

        assertEquals("training failed: a bug", verdict(start(recipe, true)).reason());
    }

    @Test
    void shouldNotRegisterTheSameModelAgain() {
        Recipe recipe = (history, served, now, createdAt) -> {
            trainings.incrementAndGet();
            Map<String, String> parameters = Map.of("dataDigest", "of these rows", "recipe", "this");
            return new TrainedModel(Map.of(), MemoryRegistry.card(now, true, parameters));
        };
        ActorRef<Trainer.Command> trainer = start(recipe, true);
        assertEquals("1", verdict(trainer).version());
        tellHistory(false);
        tellHistory(true);

        verdicts.awaitAssert(() -> {
            assertTrue(verdict(trainer).reason().contains("nothing to learn that model 1 does not know"));
            return null;
        });
        assertEquals(2, trainings.get());
        assertEquals(1, registry.list().size());
    }

    @Test
    void shouldLetTheOperatorWaitForALookUnderWay() {
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        ActorRef<Trainer.Command> trainer = start(training(true), true);
        verdict(trainer);
        archive.hold();
        time.timePasses(Duration.ofHours(1));
        switched.awaitAssert(() -> {
            assertTrue(archive.isWaitedFor());
            return null;
        });

        trainer.tell(new Trainer.Promote("1", switched.getRef()));
        switched.expectNoMessage(Duration.ofMillis(100));
        archive.release();
        assertEquals(new Trainer.Switched(Trainer.Outcome.DONE, "1", ""), switched.receiveMessage());
    }

    @Test
    void shouldObeyTheOperator() {
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        ActorRef<Trainer.Command> trainer = start(training(true), true);
        verdict(trainer);
        assertEquals("2", orders().champion());

        trainer.tell(new Trainer.Promote("1", switched.getRef()));
        assertEquals(new Trainer.Switched(Trainer.Outcome.DONE, "1", ""), switched.receiveMessage());
        assertEquals("1", orders().champion());

        trainer.tell(new Trainer.Rollback(switched.getRef()));
        assertEquals(new Trainer.Switched(Trainer.Outcome.DONE, "2", ""), switched.receiveMessage());
        assertEquals(new Predictor.UseModels("2", List.of(), ""), orders());
        assertEquals(ModelState.RETIRED, registry.find("1").orElseThrow().state());

        trainer.tell(new Trainer.Promote("99", switched.getRef()));
        assertEquals(
                new Trainer.Switched(Trainer.Outcome.REFUSED, "2", "There is no model 99."), switched.receiveMessage());

        registry.setAway(true);
        trainer.tell(new Trainer.Rollback(switched.getRef()));
        assertEquals(
                new Trainer.Switched(Trainer.Outcome.UNAVAILABLE, "2", "The models can't be switched right now."),
                switched.receiveMessage());
    }

    @Test
    void shouldSilenceAModelThatIsCrediblyWorseThanNaiveAndLetItReturnOnEvidence() {
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        archive.writeErrors(errors(1, 1900, 3)).toCompletableFuture().join();
        ActorRef<Trainer.Command> trainer = start(training(true), true);
        verdict(trainer);

        predictor.awaitAssert(() -> {
            assertFalse(orders().silenced().isEmpty());
            return null;
        });
        assertEquals("naive", verdict(trainer).version());

        List<Candle> more = Scenes.candles(BTC, START.plus(Duration.ofMinutes(2000)), 8 * 1440);
        archive.writeCandles(more).toCompletableFuture().join();
        archive.writeErrors(errors(2000, 2000 + 8 * 1440 - 10, 0.5))
                .toCompletableFuture()
                .join();
        predictor.awaitAssert(() -> {
            time.timePasses(Duration.ofHours(1));
            assertTrue(orders().silenced().isEmpty());
            return null;
        });
        assertEquals("1", verdict(trainer).version());
    }

    /** Errors of model 1, so many times as large as naive's. */
    private static List<PredictionError> errors(int fromMinute, int toMinute, double size) {
        assertTrue(toMinute - fromMinute > Scoreboard.LEAST_EVIDENCE);
        List<PredictionError> errors = new ArrayList<>();
        for (int i = fromMinute; i < toMinute; i++) {
            Instant asOf = START.plus(Duration.ofMinutes(i - 1));
            double naiveError = i % 2 == 0 ? 1 : -1;
            double actual = 1000 - naiveError;
            Prediction prediction = new Prediction(
                    BTC,
                    "simulated",
                    asOf,
                    asOf,
                    asOf.plus(Duration.ofMinutes(5)),
                    1000,
                    actual + naiveError * size,
                    0.001,
                    List.of(),
                    0.5,
                    "1",
                    "hash",
                    Status.LIVE,
                    null,
                    true,
                    0.0005,
                    new double[0]);
            errors.add(new PredictionError(
                    prediction, asOf, true, null, actual, 0, naiveError * size, naiveError, List.of()));
        }
        return errors;
    }

    @Test
    void shouldTrainAgainWhenTheHistoryHasBeenReadBack() {
        verdict(start(training(false), true));
        assertEquals(1, trainings.get());
        tellHistory(true);
        tellHistory(false);
        tellHistory(true);

        predictor.awaitAssert(() -> {
            assertEquals(2, trainings.get());
            return null;
        });
        tellHistory(true);
        verdicts.expectNoMessage(Duration.ofMillis(50));
        assertEquals(2, trainings.get(), "once");
    }

    private void tellHistory(boolean complete) {
        HistoryProgress progress = new HistoryProgress(List.of(), complete ? 0 : 7000, "");
        Topics.publish(topic, new Published.HistoryAdvanced(progress, START));
    }

    @Test
    void shouldTellAPredictorThatComesLater() {
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        verdict(start(training(true), true));
        TestProbe<Predictor.Command> newcomer = kit.createTestProbe();

        kit.system().receptionist().tell(Receptionist.register(Predictor.KEY, newcomer.getRef()));

        newcomer.awaitAssert(() -> {
            time.timePasses(Duration.ofMillis(100));
            return newcomer.expectMessageClass(Predictor.UseModels.class, Duration.ofMillis(50));
        });
    }

    @Test
    void shouldOrderNothingAsLongAsTheRegistryIsAway() {
        registry.withChampion(START.plus(Duration.ofMinutes(2000)));
        registry.setAway(true);
        Trainer.Verdict verdict = verdict(start(training(true), true));
        assertTrue(verdict.reason().contains("the registry is away"), verdict.reason());
        TestProbe<Predictor.Command> newcomer = kit.createTestProbe();
        kit.system().receptionist().tell(Receptionist.register(Predictor.KEY, newcomer.getRef()));
        time.timePasses(Duration.ofSeconds(1));
        newcomer.expectNoMessage(Duration.ofMillis(300));

        registry.setAway(false);
        time.timePasses(Duration.ofHours(1));

        assertEquals("1", orders().champion());
    }

    @Test
    void shouldHandleEveryCommand() {
        assertEquals(
                List.of(),
                Protocol.unhandled(
                        kit,
                        Trainer.Command.class,
                        () -> Trainer.create(Trainer.Settings.of("", List.of(BTC), true), partners(training(true))),
                        trainer -> {}));
    }
}
