package tickcast.actors.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.actors.Scenes.BTC;
import static tickcast.actors.Scenes.ETH;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.MarketClock;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Protocol;
import tickcast.actors.Scenes;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;

class PredictorTest {

    private static final ActorTestKit KIT =
            ActorTestKit.create(ManualTime.config().withFallback(Scenes.local()));
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final Instant AS_OF = Instant.parse("2026-01-05T12:00:00Z");
    private static final Eligibility ELIGIBLE = new Eligibility(true, false, 2000, true);
    private static final Predictor.Settings SETTINGS = new Predictor.Settings(
            "simulated",
            Set.of(BTC, ETH),
            5,
            List.of(0.8, 0.95),
            Duration.ofSeconds(2),
            3,
            Duration.ofHours(48),
            2,
            Scenes.QUICK);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private final MemoryArchive archive = new MemoryArchive();
    private final MemoryRegistry registry = new MemoryRegistry();
    private final AtomicReference<Instant> now = new AtomicReference<>(AS_OF.plusMillis(700));
    private final TestProbe<Published> published = KIT.createTestProbe();
    private final TestProbe<Predictor.Answer> answers = KIT.createTestProbe();
    private final ActorRef<Topic.Command<Published>> topic = Scenes.topic(KIT);
    private final Predictor.Partners partners =
            new Predictor.Partners(archive, registry, topic, new MarketClock(now::get, Scenes.GRACE));
    private ActorRef<Predictor.Command> predictor;

    PredictorTest() {
        Topics.subscribe(topic, published.getRef());
    }

    private void start() {
        predictor = KIT.spawn(Predictor.create(SETTINGS, partners));
    }

    @AfterEach
    void stopPredictor() {
        KIT.stop(predictor);
    }

    private void offer(Symbol symbol, Instant asOf) {
        offer(symbol, asOf, ELIGIBLE, Pace.EVENT);
    }

    private void offer(Symbol symbol, Instant asOf, Eligibility eligibility, Pace pace) {
        predictor.tell(new Predictor.Offer(
                vector(symbol, asOf), eligibility, new double[] {1.3, 2.1, 10}, pace, answers.getRef()));
    }

    private static FeatureVector vector(Symbol symbol, Instant asOf) {
        double[] values = new double[FeatureSchema.current().size()];
        Arrays.fill(values, 0.1);
        return new FeatureVector(
                symbol, asOf, asOf.plusMillis(500), FeatureSchema.current().hash(), values, 1000, 0.0005, "");
    }

    private Prediction answered() {
        return assertInstanceOf(Predictor.Predicted.class, answers.receiveMessage())
                .prediction();
    }

    private String missing(Symbol symbol, Instant asOf) {
        return archive.features(symbol, Page.all(asOf, asOf.plusMillis(1)))
                .toCompletableFuture()
                .join()
                .get(0)
                .missing();
    }

    @Test
    void shouldScoreThePanelAsOneBatchWhenAllHaveCome() {
        start();
        offer(BTC, AS_OF);
        offer(ETH, AS_OF);

        assertEquals(Set.of(BTC, ETH), Set.of(answered().symbol(), answered().symbol()));
        assertEquals("", missing(BTC, AS_OF));
        assertInstanceOf(Published.PredictionMade.class, published.receiveMessage());
        assertInstanceOf(Published.PredictionMade.class, published.receiveMessage());
    }

    @Test
    void shouldNotWaitLongerThanTwoSecondsAndNoteTheAbsent() {
        start();
        offer(BTC, AS_OF, ELIGIBLE, Pace.CLOCK);
        answers.expectNoMessage(Duration.ofMillis(100));
        TIME.timePasses(Duration.ofMillis(1999));
        answers.expectNoMessage(Duration.ofMillis(100));
        TIME.timePasses(Duration.ofMillis(1));

        assertEquals(BTC, answered().symbol());
        assertEquals("ETH/USD", missing(BTC, AS_OF));

        offer(ETH, AS_OF, ELIGIBLE, Pace.CLOCK);
        assertEquals(ETH, answered().symbol());
        assertEquals("", missing(ETH, AS_OF), "the vector that came in time is joined");
    }

    @Test
    void shouldJoinTheSamePanelAgainWhenItCouldNotBeStored() {
        start();
        archive.failNext(Integer.MAX_VALUE);
        offer(BTC, AS_OF);
        offer(ETH, AS_OF);
        for (int i = 0; i < 2; i++) {
            answers.awaitAssert(() -> {
                TIME.timePasses(Duration.ofMillis(10));
                return answers.expectMessageClass(Predictor.NotPredicted.class, Duration.ofMillis(20));
            });
        }
        archive.failNext(0);

        offer(BTC, AS_OF);
        assertEquals(BTC, answered().symbol());
        assertEquals("", missing(BTC, AS_OF));
        offer(ETH, AS_OF);
        assertEquals(ETH, answered().symbol());
        assertEquals("", missing(ETH, AS_OF));
    }

    @Test
    void shouldLetARepeatedOfferWaitForTheBatchThatIsBeingStored() {
        start();
        archive.hold();
        offer(BTC, AS_OF);
        offer(ETH, AS_OF);
        TestProbe<Predictor.Answer> again = KIT.createTestProbe();
        predictor.tell(new Predictor.Offer(
                vector(BTC, AS_OF), ELIGIBLE, new double[] {1.3, 2.1, 10}, Pace.EVENT, again.getRef()));
        again.expectNoMessage(Duration.ofMillis(50));
        archive.release();

        assertInstanceOf(Predictor.Predicted.class, again.receiveMessage());
        assertEquals(ETH, answered().symbol());
        published.receiveMessage();
        published.receiveMessage();
        published.expectNoMessage(Duration.ofMillis(50));
        assertEquals("", missing(BTC, AS_OF));
    }

    @Test
    void shouldNotLetABusyMachineShowInWhatIsPredictedInEventTime() {
        start();
        offer(BTC, AS_OF);
        TIME.timePasses(Duration.ofSeconds(19));
        answers.expectNoMessage(Duration.ofMillis(100));
        offer(ETH, AS_OF);

        assertEquals(Set.of(BTC, ETH), Set.of(answered().symbol(), answered().symbol()));
        assertEquals("", missing(BTC, AS_OF));
    }

    @Test
    void shouldNotWaitForASymbolThatHasNothing() {
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);

        assertEquals(BTC, answered().symbol());
    }

    private void attend(Symbol symbol, Instant asOf) {
        predictor.tell(new Predictor.Attend(vector(symbol, asOf), ELIGIBLE, new double[] {1.3, 2.1, 10}, Pace.EVENT));
    }

    @Test
    void shouldLetThoseAttendThatAreDoneWithTheMinute() {
        start();
        offer(BTC, AS_OF);
        attend(ETH, AS_OF);

        assertEquals(BTC, answered().symbol());
        assertEquals("", missing(BTC, AS_OF));
    }

    @Test
    void shouldScoreNothingWhenNobodyWaitsForIt() {
        start();
        attend(BTC, AS_OF);
        attend(ETH, AS_OF);
        attend(BTC, AS_OF.plusSeconds(60));
        TIME.timePasses(Duration.ofMinutes(5));
        offer(BTC, AS_OF.plusSeconds(120));
        offer(ETH, AS_OF.plusSeconds(120));

        assertEquals(AS_OF.plusSeconds(120), answered().asOf());
        assertEquals(AS_OF.plusSeconds(120), answered().asOf());
        assertEquals(
                List.of(),
                archive.features(BTC, Page.all(AS_OF, AS_OF.plusSeconds(61)))
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void shouldScoreTheOldestEarlyWhenTooManyWait() {
        start();
        for (int i = 0; i < 4; i++) {
            offer(BTC, AS_OF.plus(Duration.ofMinutes(i)));
        }

        assertEquals(AS_OF, answered().asOf());
        answers.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void shouldFallBackToNaiveWithoutAModel() {
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);

        Prediction prediction = answered();
        assertEquals(Status.FALLBACK, prediction.status());
        assertEquals(Reason.NO_MODEL, prediction.reason());
        assertEquals(Prediction.NAIVE, prediction.modelVersion());
        assertEquals(AS_OF.plus(Scenes.GRACE), prediction.madeAt());
        assertEquals(2, prediction.intervals().size());
    }

    @Test
    void shouldSpeakWithTheChampionFromTheFirstMinuteOn() {
        registry.withChampion(AS_OF);
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);

        assertEquals("1", answered().modelVersion());
    }

    @Test
    void shouldAnswerWithThePredictionThatWasStoredFirst() {
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);
        Prediction first = answered();
        published.receiveMessage();
        registry.withChampion(AS_OF);
        KIT.stop(predictor);
        now.set(AS_OF.plusSeconds(20));
        start();

        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF, ELIGIBLE, Pace.CLOCK);

        assertEquals(first, answered());
        published.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void shouldAbstainWhenItIsTooLateByTheClock() {
        start();
        now.set(AS_OF.plusSeconds(31));
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF, ELIGIBLE, Pace.CLOCK);
        Prediction late = answered();
        assertEquals(Status.ABSTAINED, late.status());
        assertEquals(Reason.LATE, late.reason());
        assertEquals(now.get(), late.madeAt());

        Instant next = AS_OF.plusSeconds(60);
        predictor.tell(new Predictor.Pass(ETH, next));
        offer(BTC, next, ELIGIBLE, Pace.EVENT);
        assertEquals(Status.FALLBACK, answered().status());
    }

    @Test
    void shouldFallBackWhenTheModelIsStale() {
        registry.withChampion(AS_OF.minus(Duration.ofHours(49)));
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);

        assertEquals(Reason.STALE_MODEL, answered().reason());
        assertEquals(
                List.of("naive", "1"),
                archive.allPredictions().stream().map(Prediction::modelVersion).toList());
    }

    @Test
    void shouldSwapModelsWithoutARestartAndCloseTheOldOnes() {
        String old = registry.withChampion(AS_OF);
        String fresh = registry.withChampion(AS_OF);
        start();
        predictor.tell(new Predictor.UseModels(old, List.of(fresh), ""));
        awaitModel(old);
        assertTrue(archive.allPredictions().stream()
                .anyMatch(shadow -> shadow.modelVersion().equals(fresh) && !shadow.published()));

        predictor.tell(new Predictor.UseModels(fresh, List.of(), ""));
        awaitModel(fresh);

        published.awaitAssert(() -> {
            assertEquals(List.of(old), registry.closed());
            return null;
        });
    }

    @Test
    void shouldScoreASilencedChampionInTheShadow() {
        String version = registry.withChampion(AS_OF);
        start();
        predictor.tell(new Predictor.UseModels(version, List.of(), "its live skill is credibly below naive"));
        awaitModel(Prediction.NAIVE);

        List<Prediction> all = archive.allPredictions();
        Prediction shadow = all.get(all.size() - 1);
        assertEquals(Reason.WORSE_THAN_NAIVE, all.get(all.size() - 2).reason());
        assertEquals(version, shadow.modelVersion());
        assertFalse(shadow.published());
        assertEquals(Status.LIVE, shadow.status());
    }

    @Test
    void shouldGoOnWithoutAModelThatTheRegistryRefuses() {
        start();
        predictor.tell(new Predictor.UseModels("99", List.of("98"), ""));

        awaitModel(Prediction.NAIVE);
    }

    @Test
    void shouldSpeakEvenIfTheRefusalOfAnotherModelCannotBeNoted() {
        String version = registry.withChampion(AS_OF);
        String damaged =
                registry.with(MemoryRegistry.card(AS_OF, true), vector -> new Forecaster.Forecast(0, 1, false));
        registry.corrupt(damaged);
        registry.refuseNotes();
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);

        assertEquals(version, answered().modelVersion());
    }

    @Test
    void shouldFallBackWhenTheModelFails() {
        registry.withChampion(AS_OF);
        registry.breakModels();
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        offer(BTC, AS_OF);

        assertEquals(Reason.NO_MODEL, answered().reason());
    }

    /** Asks, minute by minute, until a version speaks. */
    private void awaitModel(String version) {
        AtomicReference<Instant> asOf = new AtomicReference<>(
                AS_OF.plusSeconds(60L * (1 + archive.allPredictions().size())));
        answers.awaitAssert(Duration.ofSeconds(10), () -> {
            Instant next = asOf.getAndUpdate(minute -> minute.plusSeconds(60));
            predictor.tell(new Predictor.Pass(ETH, next));
            offer(BTC, next);
            assertEquals(version, answered().modelVersion());
            return null;
        });
    }

    @Test
    void shouldTryAgainWhenTheArchiveFailsAndSaySoWhenItStaysDown() {
        start();
        predictor.tell(new Predictor.Pass(ETH, AS_OF));
        archive.failNext(2);
        offer(BTC, AS_OF);
        answers.awaitAssert(() -> {
            TIME.timePasses(Duration.ofMillis(10));
            assertEquals(1, archive.allPredictions().size());
            return null;
        });
        answered();

        archive.failNext(Integer.MAX_VALUE);
        offer(ETH, AS_OF);
        answers.awaitAssert(() -> {
            TIME.timePasses(Duration.ofMillis(10));
            return answers.expectMessageClass(Predictor.NotPredicted.class, Duration.ofMillis(20));
        });
    }

    @Test
    void shouldLeadTheMarketsToItThroughTheRouter() {
        start();
        ActorRef<Predictor.Command> router = KIT.spawn(Predictor.router());
        answers.awaitAssert(() -> {
            router.tell(new Predictor.Pass(ETH, AS_OF));
            router.tell(new Predictor.Offer(
                    vector(BTC, AS_OF), ELIGIBLE, new double[] {1.3, 2.1, 10}, Pace.EVENT, answers.getRef()));
            return answers.expectMessageClass(Predictor.Predicted.class, Duration.ofMillis(500));
        });
    }

    @Test
    void shouldHandleEveryCommandWhenServing() {
        start();
        List<Class<? extends Predictor.Command>> unhandled = Protocol.unhandled(
                KIT, Predictor.Command.class, () -> Predictor.create(SETTINGS, partners), serving -> {
                    serving.tell(new Predictor.Pass(ETH, AS_OF));
                    serving.tell(new Predictor.Offer(
                            vector(BTC, AS_OF), ELIGIBLE, new double[] {1.3, 2.1, 10}, Pace.EVENT, answers.getRef()));
                    answered();
                });

        assertEquals(List.of(), unhandled);
    }
}
