package tickcast.actors.market;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.actors.Scenes.BTC;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Protocol;
import tickcast.actors.Same;
import tickcast.actors.Scenes;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Quality;
import tickcast.model.market.Trade;
import tickcast.model.sentiment.Sentiment;

class MarketTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.local());
    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final Instant MIDNIGHT = Instant.parse("2026-01-06T00:00:00Z");

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private final MarketHouse house = house();

    private static MarketHouse house() {
        return new MarketHouse(KIT, BTC, new MemoryArchive(), new MemoryRegistry());
    }

    private static Instant minute(int minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    private static Market.CloseMinute closing(int minute, ActorRef<Market.Closed> replyTo) {
        return new Market.CloseMinute(minute(minute), Coverage.SEEN, true, Pace.EVENT, Market.ANY_LIFE, replyTo);
    }

    @Test
    void shouldCloseAMinuteFromItsTrades() {
        house.record(List.of(
                Scenes.trade(BTC, 1, START.plusSeconds(1), 100),
                Scenes.trade(BTC, 2, START.plusSeconds(2), 103),
                Scenes.trade(BTC, 3, START.plusSeconds(59), 101)));

        assertTrue(house.close(minute(1)).done());

        Candle candle = house.candle(minute(1));
        assertEquals(
                List.of(100.0, 103.0, 100.0, 101.0),
                List.of(candle.open(), candle.high(), candle.low(), candle.close()));
        assertEquals(Quality.COMPLETE, candle.quality());
        assertEquals(minute(1).plus(Scenes.GRACE), candle.knownAt());
        Prediction prediction = house.predictions().get(0);
        assertEquals(minute(1), prediction.asOf());
        assertEquals(Status.ABSTAINED, prediction.status());
        assertEquals(Reason.WARMING, prediction.reason());
        assertEquals(new Published.CandleClosed(candle), house.published.receiveMessage());
        assertInstanceOf(Published.PredictionMade.class, house.published.receiveMessage());
    }

    @Test
    void shouldCountRepeatedTrades() {
        List<Trade> trades = Scenes.trades(BTC, START, 10);
        house.record(trades);

        assertEquals(10, house.record(trades).duplicates());
    }

    @Test
    void shouldMakeFlatCandlesOfMinutesWithoutTrades() {
        house.trade(START, 1);
        double close = house.candle(minute(1)).close();

        house.close(minute(2));
        house.close(minute(3), Coverage.UNSURE);

        assertEquals(Quality.EMPTY, house.candle(minute(2)).quality());
        assertEquals(close, house.candle(minute(2)).close());
        assertEquals(Quality.PARTIAL, house.candle(minute(3)).quality());
    }

    @Test
    void shouldAbstainWhileTheFeedIsSilent() {
        house.trade(START, 70);
        TestProbe<Market.Closed> closed = KIT.createTestProbe();
        house.market()
                .tell(new Market.CloseMinute(
                        minute(71), Coverage.SEEN, false, Pace.EVENT, Market.ANY_LIFE, closed.getRef()));

        assertTrue(closed.receiveMessage().done());
        assertEquals(Reason.FEED_SILENT, house.predictions().get(70).reason());
        assertEquals(Reason.NO_MODEL, warmReason());
    }

    private static Reason warmReason() {
        MarketHouse warm = new MarketHouse(KIT, BTC, new MemoryArchive(), new MemoryRegistry());
        List<Candle> candles = Scenes.candles(BTC, Instant.parse("2026-01-04T00:00:00Z"), 1500);
        warm.archive
                .writeCandles(candles.subList(0, 1499))
                .toCompletableFuture()
                .join();
        warm.close(candles.get(1499));
        return warm.predictions().get(0).reason();
    }

    @Test
    void shouldAnswerWithNothingStoredWhenNobodyEverTraded() {
        assertTrue(house.close(minute(1)).done());
        assertTrue(house.close(minute(2)).done());

        assertEquals(List.of(), house.candles());

        house.trade(minute(2), 1);
        assertEquals(minute(3), house.candles().get(0).closeTime());
    }

    @Test
    void shouldKeepWhatAnEarlierLifeStoredWhenItsMinutesComeAgainWithLess() {
        house.trade(START, 5);
        List<Candle> before = house.candles();
        house.restart();
        for (int i = 1; i <= 5; i++) {
            house.close(Candle.missing(BTC, minute(i - 1), 999, minute(i)));
        }
        assertEquals(before, house.candles());
        house.restart();
        house.trade(START, 7);
        assertEquals(before, house.candles().subList(0, 5), "the same trades again make no revision");
        assertEquals(7, house.candles().size());
    }

    @Test
    void shouldIgnoreACandleOfAMarketThatHasLostItsSymbolWithoutNoticing() {
        house.trade(START, 3);
        ActorRef<Market.Command> stale = house.market();
        house.succeed();
        house.trade(minute(3), 1);
        Candle revised = Scenes.candles(BTC, minute(2), 1).get(0);
        house.revise(List.of(revised));
        List<Candle> truth = house.candles();

        TestProbe<Market.Revised> late = KIT.createTestProbe();
        stale.tell(new Market.ReviseCandles(Scenes.candles(BTC, minute(3), 1), late.getRef()));
        late.receiveMessage();

        assertEquals(truth, house.candles());
    }

    @Test
    void shouldForgetNothingWhenRestartedAtAnyMinute() {
        Instant from = Instant.parse("2026-01-04T00:00:00Z");
        List<Candle> history = Scenes.candles(BTC, from, 2 * 1440 + 40);
        int live = 2 * 1440 - 40;
        MarketHouse steady = withHistory(history.subList(0, live));
        MarketHouse shaken = withHistory(history.subList(0, live));
        Random random = new Random(7);

        for (Candle candle : history.subList(live, history.size())) {
            assertTrue(steady.close(candle).done());
            if (random.nextInt(6) == 0) {
                shaken.restart();
            }
            assertTrue(shaken.close(candle).done());
        }

        assertEquals(80, steady.predictions().size());
        assertEquals(80, shaken.predictions().size());
        for (int i = 0; i < 80; i++) {
            Prediction expected = steady.predictions().get(i);
            assertEquals(Status.LIVE, expected.status());
            assertTrue(Same.same(expected, shaken.predictions().get(i)), () -> "as of " + expected.asOf());
            assertArrayEquals(
                    steady.vector(expected.asOf()).values(),
                    shaken.vector(expected.asOf()).values());
        }
        assertTrue(Same.same(errors(steady), errors(shaken)));
    }

    private static MarketHouse withHistory(List<Candle> history) {
        MemoryArchive archive = new MemoryArchive();
        archive.writeCandles(history).toCompletableFuture().join();
        MemoryRegistry registry = new MemoryRegistry();
        registry.withChampion(MIDNIGHT);
        return new MarketHouse(KIT, BTC, archive, registry);
    }

    private static List<PredictionError> errors(MarketHouse house) {
        return house.archive
                .allErrors(BTC, Page.all(Instant.MIN, Instant.MAX))
                .toCompletableFuture()
                .join();
    }

    @Test
    void shouldBridgeMinutesThatNobodyClosed() {
        house.trade(START, 70);
        house.trade(minute(75), 1);

        assertEquals(71, house.candles().size());
        Prediction prediction = house.predictions().get(70);
        assertEquals(minute(76), prediction.asOf());
        assertEquals(Reason.GAP, prediction.reason());
    }

    @Test
    void shouldReviseAClosedMinuteWhenATradeComesLate() {
        MarketHouse punctual = house();
        Trade late = Scenes.trade(BTC, 999, minute(1).plusSeconds(59), 1234);
        house.trade(START, 3);
        house.record(List.of(late));
        house.trade(minute(3), 3);
        punctual.trade(START, 1);
        punctual.record(List.of(late));
        punctual.trade(minute(1), 5);

        assertEquals(1, house.candle(minute(2)).revision());
        assertEquals(0, house.candle(minute(3)).revision());
        assertTrue(house.candle(minute(2)).sameMarket(punctual.candle(minute(2))));
        assertArrayEquals(
                punctual.vector(minute(6)).values(), house.vector(minute(6)).values());
        assertFalse(Same.same(
                punctual.vector(minute(2)).values(), house.vector(minute(2)).values()));
    }

    @Test
    void shouldLevelEmptyMinutesBehindALateTrade() {
        house.trade(START, 1);
        house.close(minute(2));
        house.close(minute(3));
        house.record(List.of(Scenes.trade(BTC, 999, START.plusSeconds(59), 1234)));
        house.close(minute(4));

        assertEquals(1234, house.candle(minute(3)).close());
        assertEquals(Quality.EMPTY, house.candle(minute(3)).quality());
        assertEquals(1, house.candle(minute(3)).revision());
        assertEquals(0, house.candle(minute(4)).revision());
        assertEquals(1234, house.candle(minute(4)).close());
    }

    @Test
    void shouldRecomputeItsStateFromRevisedCandles() {
        List<Candle> truth = Scenes.candles(BTC, START, 80);
        List<Candle> seen = new ArrayList<>(truth);
        for (int i = 20; i < 25; i++) {
            seen.set(
                    i,
                    Candle.missing(
                            BTC,
                            truth.get(i).openTime(),
                            truth.get(19).close(),
                            truth.get(i).knownAt()));
        }
        seen.subList(0, 79).forEach(house::close);

        assertEquals(5, house.revise(truth.subList(10, 30)));
        assertEquals(0, house.revise(truth.subList(10, 30)));
        house.close(truth.get(79));

        assertEquals(Status.FALLBACK, house.predictions().get(79).status());
        MarketHouse knowing = house();
        truth.forEach(knowing::close);
        assertArrayEquals(
                knowing.vector(minute(80)).values(), house.vector(minute(80)).values());
        assertEquals(1, house.candle(minute(21)).revision());
    }

    @Test
    void shouldNotLetAPartialCandleTakeThePlaceOfAWholeOne() {
        List<Candle> truth = Scenes.candles(BTC, START, 3);
        truth.forEach(house::close);

        int changed = house.revise(List.of(Candle.missing(BTC, minute(1), 5, minute(2))));

        assertEquals(0, changed);
        assertEquals(truth, house.candles());
    }

    @Test
    void shouldTakeOverCandlesThatItHadNotClosed() {
        List<Candle> truth = Scenes.candles(BTC, START, 10);
        truth.subList(0, 3).forEach(house::close);

        assertEquals(6, house.revise(truth.subList(3, 9)));
        house.close(truth.get(9));

        MarketHouse knowing = house();
        truth.forEach(knowing::close);
        assertArrayEquals(
                knowing.vector(minute(10)).values(), house.vector(minute(10)).values());
    }

    @Test
    void shouldLeaveOutCandlesThatMakeNoSense() {
        Candle good = Scenes.candles(BTC, START, 1).get(0);
        Candle bad = new Candle(BTC, minute(1), 5, 1, 9, 5, 1, 5, 1, 1, 1, 1, Quality.COMPLETE, 0, minute(2), false);
        house.close(good);

        assertTrue(house.close(bad).done());
        assertEquals(0, house.revise(List.of(bad)));
        assertEquals(Quality.PARTIAL, house.candle(minute(2)).quality());
        assertEquals(good.close(), house.candle(minute(2)).close());
    }

    @Test
    void shouldTryAgainWhenTheArchiveFails() {
        house.trade(START, 2);
        house.archive.failNext(3);
        house.trade(minute(2), 1);

        assertEquals(3, house.candles().size());
    }

    @Test
    void shouldLoseNothingWhenTheArchiveIsDown() {
        house.trade(START, 2);
        house.record(Scenes.trades(BTC, minute(2), 5));
        house.archive.failNext(Integer.MAX_VALUE);
        assertFalse(house.close(minute(3)).done());
        assertFalse(house.close(minute(3)).done());
        house.archive.failNext(0);

        assertTrue(house.close(minute(3)).done());

        MarketHouse lucky = house();
        lucky.trade(START, 3);
        assertTrue(Same.same(lucky.candles(), house.candles()));
        assertTrue(Same.same(lucky.predictions(), house.predictions()));
    }

    @Test
    void shouldKeepCandlesThatCouldNotBeStoredForTheNextMinute() {
        house.trade(START, 2);
        house.archive.failNext(Integer.MAX_VALUE);
        house.trade(minute(2), 1);
        house.archive.failNext(0);
        house.trade(minute(3), 1);

        assertEquals(4, house.candles().size());
    }

    @Test
    void shouldChangeNothingWhenAMinuteIsClosedAgain() {
        house.trade(START, 3);
        List<Candle> before = house.candles();

        assertTrue(house.close(minute(3)).done());
        assertTrue(house.close(minute(2)).done());

        assertTrue(Same.same(before, house.candles()));
        assertEquals(3, house.predictions().size());
    }

    @Test
    void shouldKeepTheRevisionOfAStoredMinuteThatIsClosedAgainAfterARestart() {
        house.trade(START, 3);
        house.restart();
        house.record(Scenes.trades(BTC, minute(2), 5));
        assertTrue(house.close(minute(3)).done());
        assertEquals(0, house.candle(minute(3)).revision());

        house.restart();
        house.record(Scenes.trades(BTC, minute(2), 6));
        assertTrue(house.close(minute(3)).done());
        assertEquals(1, house.candle(minute(3)).revision());

        house.restart();
        assertTrue(house.close(minute(3)).done());
        assertEquals(6, house.candle(minute(3)).trades());
    }

    @Test
    void shouldStoreTheVectorThatAnEarlierLifeLeftOutOfAStoredPrediction() {
        house.trade(START, 3);
        MemoryArchive torn = new MemoryArchive();
        torn.writeCandles(house.candles()).toCompletableFuture().join();
        torn.writePredictions(house.predictions()).toCompletableFuture().join();
        MarketHouse next = new MarketHouse(KIT, BTC, torn, new MemoryRegistry());

        next.trade(START, 3);

        assertTrue(Same.same(house.predictions(), next.predictions()));
        assertArrayEquals(
                house.vector(minute(3)).values(), next.vector(minute(3)).values());
    }

    @Test
    void shouldTakeTradesWhileAMinuteIsBeingClosed() {
        house.trade(START, 1);
        house.archive.hold();
        TestProbe<Market.Closed> closed = KIT.createTestProbe();
        house.record(Scenes.trades(BTC, minute(1), 5));
        house.market().tell(closing(2, closed.getRef()));
        house.market().tell(closing(3, closed.getRef()));

        assertEquals(0, house.record(Scenes.trades(BTC, minute(3), 5)).tooLate());
        house.record(List.of(Scenes.trade(BTC, 999, minute(1).plusSeconds(59), 1234)));
        house.archive.release();

        assertEquals(minute(2), closed.receiveMessage().closeTime());
        assertEquals(minute(3), closed.receiveMessage().closeTime());
        assertTrue(house.close(minute(4)).done());
        assertEquals(1, house.candle(minute(2)).revision());
        assertEquals(1234, house.candle(minute(3)).close());
        assertEquals(5, house.candle(minute(4)).trades());
    }

    @Test
    void shouldRefuseWhatExceedsItsRoomToWait() {
        house.trade(START, 1);
        house.archive.hold();
        TestProbe<Market.Closed> closed = KIT.createTestProbe();
        for (int i = 2; i < 20; i++) {
            house.market().tell(closing(i, closed.getRef()));
        }

        Market.Closed refused = closed.receiveMessage();
        assertEquals(minute(19), refused.closeTime());
        assertFalse(refused.done());
        house.archive.release();
        for (int i = 2; i < 19; i++) {
            assertEquals(minute(i), closed.receiveMessage().closeTime());
        }
    }

    @Test
    void shouldNotCloseAMinuteWhoseTradesAnotherLifeTook() {
        house.trade(START, 2);
        long before = house.record(Scenes.trades(BTC, minute(2), 5)).life();
        house.restart();
        Market.Recorded rest =
                house.record(List.of(Scenes.trade(BTC, 999, minute(2).plusSeconds(59), 1234)));

        Market.Closed closed = house.close(minute(3), Coverage.SEEN, before);

        assertFalse(closed.done());
        assertEquals(rest.life(), closed.life());
        assertNotEquals(before, closed.life());
        assertEquals(2, house.candles().size());
        assertEquals(2, house.predictions().size());
        house.record(Scenes.trades(BTC, minute(2), 5));
        assertTrue(house.close(minute(3), Coverage.SEEN, closed.life()).done());
        assertEquals(6, house.candle(minute(3)).trades());
    }

    @Test
    void shouldHearNewsAlsoThatOfBeforeItsStart() {
        MarketHouse other = house();
        List<Sentiment> news = List.of(
                Scenes.sentiment("a", BTC.name(), minute(1)), Scenes.sentiment("b", Sentiment.MARKET_WIDE, minute(2)));
        house.trade(START, 1);
        house.market().tell(new Market.HearSentiment(news));
        house.trade(minute(1), 4);
        other.archive.writeSentiment(news).toCompletableFuture().join();
        other.trade(START, 5);
        MarketHouse deaf = house();
        deaf.trade(START, 5);

        assertArrayEquals(
                other.vector(minute(5)).values(), house.vector(minute(5)).values());
        assertFalse(Same.same(
                deaf.vector(minute(5)).values(), house.vector(minute(5)).values()));
    }

    @Test
    void shouldHandleEveryCommandInEveryPhase() {
        List<Class<? extends Market.Command>> whenOpen = Protocol.unhandled(
                KIT,
                Market.Command.class,
                () -> Market.create(BTC, MarketHouse.SETTINGS, house.partners),
                market -> {});
        house.archive.hold();
        List<Class<? extends Market.Command>> whenBusy = Protocol.unhandled(
                KIT,
                Market.Command.class,
                () -> Market.create(BTC, MarketHouse.SETTINGS, house.partners),
                market -> market.tell(
                        closing(1, KIT.<Market.Closed>createTestProbe().getRef())));

        assertEquals(List.of(), whenBusy);
        assertTrue(Collections.disjoint(
                whenOpen,
                Protocol.leaves(Market.Command.class).stream()
                        .filter(leaf -> !MarketEvent.class.isAssignableFrom(leaf))
                        .toList()));
    }
}
