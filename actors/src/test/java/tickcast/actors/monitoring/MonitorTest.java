package tickcast.actors.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.actors.Scenes.BTC;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.actors.Protocol;
import tickcast.actors.Scenes;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;

class MonitorTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.local());
    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final Monitor.Settings SETTINGS = new Monitor.Settings("", Scenes.QUICK, 16);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private final MemoryArchive archive = new MemoryArchive();
    private final List<Candle> candles = Scenes.candles(BTC, START, 3000);
    private final TestProbe<Published> published = KIT.createTestProbe();
    private final TestProbe<Monitor.Matured> matured = KIT.createTestProbe();
    private final ActorRef<Topic.Command<Published>> topic = Scenes.topic(KIT);
    private ActorRef<Monitor.Command> monitor = spawn();

    MonitorTest() {
        Topics.subscribe(topic, published.getRef());
    }

    private ActorRef<Monitor.Command> spawn() {
        return KIT.spawn(Monitor.create(BTC, SETTINGS, archive, topic));
    }

    private static Instant minute(int minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    private Candle candle(int closeMinute) {
        return candles.get(closeMinute - 1);
    }

    private Prediction predict(int asOf, String version, boolean isPublished) {
        Prediction prediction = new Prediction(
                BTC,
                "simulated",
                minute(asOf),
                minute(asOf),
                minute(asOf + 5),
                1000,
                1001,
                0.001,
                List.of(new Interval(0.8, 990, 1010)),
                0.6,
                version,
                "hash",
                isPublished ? Status.FALLBACK : Status.LIVE,
                isPublished ? Reason.NO_MODEL : null,
                isPublished,
                0.001,
                new double[0]);
        archive.writePredictions(List.of(prediction)).toCompletableFuture().join();
        return prediction;
    }

    private Monitor.Matured mature(Candle candle) {
        archive.writeCandles(List.of(candle)).toCompletableFuture().join();
        monitor.tell(new Monitor.Mature(candle, matured.getRef()));
        return matured.receiveMessage();
    }

    private List<PredictionError> errors() {
        return archive.allErrors(BTC, Page.all(Instant.MIN, Instant.MAX))
                .toCompletableFuture()
                .join();
    }

    @Test
    void shouldCompareAPredictionWithItsTarget() {
        mature(candle(1));
        Prediction prediction = predict(2, Prediction.NAIVE, true);

        assertEquals(new Monitor.Matured(minute(7), 1, true), mature(candle(7)));

        PredictionError error = errors().get(0);
        assertTrue(error.scored());
        assertEquals(candle(7).close(), error.actualPrice());
        assertEquals(1001 - candle(7).close(), error.error());
        assertEquals(candle(7).knownAt(), error.maturedAt());
        assertEquals(new Published.PredictionMatured(error), published.receiveMessage());
        assertEquals(prediction.id(), error.id());
    }

    @Test
    void shouldScoreShadowsWithoutTellingThem() {
        predict(2, "17", false);

        assertEquals(1, mature(candle(7)).count());

        assertEquals("17", errors().get(0).prediction().modelVersion());
        published.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void shouldMatureEachPredictionOnceAlsoAcrossRestarts() {
        IntStream.range(0, 40).forEach(asOf -> predict(asOf, Prediction.NAIVE, true));
        for (int minute = 1; minute <= 60; minute++) {
            if (minute % 7 == 0) {
                KIT.stop(monitor);
                monitor = spawn();
            }
            mature(candle(minute));
            assertEquals(0, mature(candle(minute)).count());
        }

        assertEquals(40, errors().size());
        assertEquals(40, archive.errorWrites());
        IntStream.range(0, 40).forEach(i -> published.receiveMessage());
        published.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void shouldMatureWhatWasLeftBehindWhileNobodyWatched() {
        IntStream.range(0, 20).forEach(asOf -> predict(asOf, Prediction.NAIVE, true));
        archive.writeCandles(candles.subList(0, 30)).toCompletableFuture().join();

        mature(candle(31));

        assertEquals(20, swept(20).size());
    }

    /** The next errors that are published. */
    private List<PredictionError> swept(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> published
                        .expectMessageClass(Published.PredictionMatured.class)
                        .error())
                .toList();
    }

    @Test
    void shouldMatureARefusedPredictionInTheMinuteOfASweep() {
        Prediction refused = predict(2, Prediction.NAIVE, true);
        archive.refuse(refused);

        assertEquals(1, mature(candle(7)).count());
        assertEquals(refused.id(), swept(1).get(0).id());
    }

    @Test
    void shouldNotKeepTheMinuteWaitingForASweep() {
        predict(1, Prediction.NAIVE, true);
        predict(2, Prediction.NAIVE, true);
        archive.writeCandles(List.of(candle(6))).toCompletableFuture().join();
        archive.holdSweeps();

        assertEquals(1, mature(candle(7)).count());
        assertEquals(minute(7), swept(1).get(0).prediction().targetTime());
        assertEquals(0, mature(candle(8)).count());

        archive.release();
        assertEquals(minute(6), swept(1).get(0).prediction().targetTime());
    }

    @Test
    void shouldWaitForATargetThatIsFilledInLater() {
        mature(candle(1));
        predict(2, Prediction.NAIVE, true);
        mature(candle(8));
        assertEquals(List.of(), errors());
        archive.writeCandles(List.of(candle(7))).toCompletableFuture().join();

        mature(candle(60));
        published.expectNoMessage(Duration.ofMillis(50));
        mature(candle(61));
        assertTrue(swept(1).get(0).scored());
    }

    @Test
    void shouldGiveUpOnATargetThatNeverCame() {
        predict(2, Prediction.NAIVE, true);
        mature(candle(8));
        mature(candle(7 + 1439));
        assertEquals(List.of(), errors());

        mature(candle(8 + 1500));

        PredictionError error = swept(1).get(0);
        assertFalse(error.scored());
        assertEquals(PredictionError.NO_TARGET, error.unscoredReason());
    }

    @Test
    void shouldNotScoreAgainstAPartialMinute() {
        predict(2, Prediction.NAIVE, true);

        mature(Candle.missing(BTC, minute(6), 1000, minute(7)));

        assertEquals(PredictionError.PARTIAL_TARGET, errors().get(0).unscoredReason());
    }

    @Test
    void shouldCatchUpAfterTheArchiveWasDown() {
        mature(candle(1));
        predict(2, Prediction.NAIVE, true);
        archive.writeCandles(List.of(candle(7))).toCompletableFuture().join();
        archive.failNext(Integer.MAX_VALUE);
        monitor.tell(new Monitor.Mature(candle(7), matured.getRef()));
        assertEquals(new Monitor.Matured(minute(7), 0, false), matured.receiveMessage());
        archive.failNext(0);

        mature(candle(8));
        assertEquals(minute(7), swept(1).get(0).prediction().targetTime());
    }

    @Test
    void shouldMatureTheMinuteWhileOldHistoryCannotBeRead() {
        predict(1, Prediction.NAIVE, true);
        predict(2, Prediction.NAIVE, true);
        archive.writeCandles(List.of(candle(6), candle(7)))
                .toCompletableFuture()
                .join();
        archive.failSweeps(Scenes.QUICK.attempts());
        assertEquals(1, mature(candle(7)).count());
        assertEquals(minute(7), swept(1).get(0).prediction().targetTime());
        published.awaitAssert(() -> {
            assertEquals(Scenes.QUICK.attempts(), archive.sweeps());
            return null;
        });

        IntStream.range(8, 12).forEach(minute -> mature(candle(minute)));
        assertEquals(Scenes.QUICK.attempts(), archive.sweeps(), "not every minute");
        mature(candle(12));
        assertEquals(minute(6), swept(1).get(0).prediction().targetTime(), "five minutes later");
    }

    @Test
    void shouldLookAtEverythingOnlyOnce() {
        mature(candle(1));
        awaitSweep(1, Instant.EPOCH);
        awaitNote(minute(1));

        mature(candle(61));
        awaitSweep(2, minute(1).minus(Maturing.PATIENCE));
        awaitNote(minute(61));

        KIT.stop(monitor);
        monitor = spawn();
        mature(candle(62));
        awaitSweep(3, minute(61).minus(Maturing.PATIENCE));
        awaitNote(minute(62));

        archive.writeNote("monitor-swept BTC/USD", "yesterday")
                .toCompletableFuture()
                .join();
        KIT.stop(monitor);
        monitor = spawn();
        mature(candle(63));
        awaitSweep(4, Instant.EPOCH);
    }

    private void awaitSweep(int count, Instant from) {
        published.awaitAssert(() -> {
            assertEquals(count, archive.sweeps());
            assertEquals(from, archive.sweptFrom());
            return null;
        });
    }

    private void awaitNote(Instant swept) {
        published.awaitAssert(() -> {
            assertEquals(
                    Optional.of(swept.toString()),
                    archive.note("monitor-swept BTC/USD").toCompletableFuture().join());
            return null;
        });
    }

    @Test
    void shouldHandleEveryCommandInEveryPhase() {
        List<Class<? extends Monitor.Command>> whenWaiting = Protocol.unhandled(
                KIT, Monitor.Command.class, () -> Monitor.create(BTC, SETTINGS, archive, topic), actor -> {});
        archive.hold();
        List<Class<? extends Monitor.Command>> whenMaturing = Protocol.unhandled(
                KIT,
                Monitor.Command.class,
                () -> Monitor.create(BTC, SETTINGS, archive, topic),
                actor -> actor.tell(new Monitor.Mature(candle(1), matured.getRef())));

        assertEquals(List.of(), whenMaturing);
        assertFalse(whenWaiting.contains(Monitor.Mature.class));
        assertFalse(whenWaiting.contains(Monitor.Stop.class));
    }
}
