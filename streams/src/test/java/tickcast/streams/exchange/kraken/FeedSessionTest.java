package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.FeedState;
import tickcast.model.market.Quality;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/** The whole feed on a clock made of plain numbers: seconds after the start. */
class FeedSessionTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

    private final List<FeedEvent> events = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private int connects;
    private int disconnects;

    private FeedSession session = session(Duration.ofHours(1));

    private FeedSession session(Duration silentSymbolAfter) {
        return new FeedSession(
                settings(silentSymbolAfter),
                List.of(BTC, ETH),
                START,
                new ConnectBudget(60, Duration.ofMinutes(10)),
                new FeedMetrics(new SimpleMeterRegistry()),
                new Random(1),
                new FeedSession.Wire() {
                    @Override
                    public void connect() {
                        connects++;
                    }

                    @Override
                    public void disconnect() {
                        disconnects++;
                    }

                    @Override
                    public void send(String text) {
                        sent.add(text);
                    }

                    @Override
                    public void askTrades(Symbol symbol, long sinceNanos) {
                        asked.add(sinceNanos);
                    }
                },
                events::add);
    }

    private static KrakenSettings settings(Duration silentSymbolAfter) {
        KrakenSettings usual = KrakenSettings.defaults(URI.create("ws://unused"), URI.create("http://unused"));
        return new KrakenSettings(
                usual.webSocketUrl(),
                usual.restUrl(),
                usual.grace(),
                usual.frameTimeout(),
                silentSymbolAfter,
                usual.holdAtMost(),
                usual.historyLag(),
                usual.aheadAtMost(),
                usual.backoffMin(),
                usual.backoffMax(),
                usual.connectBudget(),
                usual.connectBudgetWindow(),
                usual.pingEvery(),
                usual.subscribesPerSecond(),
                usual.symbolsPerSubscribe(),
                usual.maxFrameChars(),
                usual.tickEvery(),
                usual.rest());
    }

    private static Instant at(double seconds) {
        return START.plusNanos(Math.round(seconds * 1e9));
    }

    private static Trade btc(long id, double seconds) {
        return new Trade(BTC, id, Times.micros(at(seconds)), 100 + id, 1, Side.BUY);
    }

    private static Trade eth(long id, double seconds) {
        return new Trade(ETH, id, Times.micros(at(seconds)), 10 + id, 1, Side.SELL);
    }

    private void receive(double seconds, String text) {
        session.received(text, at(seconds), true);
    }

    private void update(double seconds, Trade... trades) {
        receive(seconds, KrakenWords.trades("update", List.of(trades)));
    }

    private void heartbeats(double from, double to) {
        for (double t = from; t <= to; t += 0.5) {
            receive(t, "{\"channel\":\"heartbeat\"}");
            session.tick(at(t), true);
        }
    }

    /** Connected, subscribed, the snapshots prove that nothing is missing since the start. */
    private void goLive(double seconds) {
        session.tick(at(seconds), true);
        session.opened(at(seconds));
        session.tick(at(seconds), true);
        receive(seconds, KrakenWords.status("online"));
        receive(seconds, KrakenWords.granted("BTC/USD", at(seconds)));
        receive(seconds, KrakenWords.granted("ETH/USD", at(seconds)));
        receive(seconds, KrakenWords.trades("snapshot", List.of(btc(1, -5))));
        receive(seconds, KrakenWords.trades("snapshot", List.of(eth(1, -5))));
        update(seconds, btc(2, seconds - 0.5));
        update(seconds, eth(2, seconds - 0.5));
    }

    private <T> List<T> told(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<Long> toldBtc() {
        return told(TradesArrived.class).stream()
                .flatMap(arrived -> arrived.trades().stream())
                .filter(trade -> trade.symbol().equals(BTC))
                .map(Trade::id)
                .toList();
    }

    private static TradesPage page(Trade... trades) {
        return new TradesPage(
                List.of(trades), trades.length == 0 ? 0 : trades[trades.length - 1].timeMicros() * 1000, false, 0);
    }

    @Test
    void shouldFollowTheMarketWithoutAskingHistoryWhenNothingIsMissing() {
        goLive(10);
        update(20, btc(3, 20));
        heartbeats(21, 60);
        assertEquals(List.of(), told(MinutePassed.class), "the grace is not over");
        receive(60.6, "{\"channel\":\"heartbeat\"}");
        MinutePassed minute = told(MinutePassed.class).get(0);
        assertEquals(at(60), minute.closeTime());
        assertEquals(Set.of(), minute.unsure());
        assertTrue(minute.alive());
        assertEquals(List.of(2L, 3L), toldBtc());
        assertEquals(List.of(), asked);
        assertEquals(
                List.of(FeedState.CONNECTING, FeedState.LIVE),
                told(StateChanged.class).stream().map(StateChanged::state).toList());
    }

    @Test
    void shouldTellEveryTradeOnce() {
        goLive(10);
        update(20, btc(3, 20), btc(3, 20), btc(2, 9.5));
        update(21, btc(3, 20), btc(4, 21));
        assertEquals(List.of(2L, 3L, 4L), toldBtc());
    }

    @Test
    void shouldHoldTheMinuteBackUntilAJumpIsFilled() {
        goLive(10);
        update(50, btc(3, 50));
        update(59, btc(6, 59));
        heartbeats(60, 62);
        assertEquals(1, asked.size());
        assertTrue(asked.get(0) < btc(3, 50).timeMicros() * 1000, "overlaps by one");
        assertEquals(List.of(), told(MinutePassed.class));
        session.answered(BTC, page(btc(3, 50), btc(4, 51), btc(5, 52), btc(6, 59)), at(62));
        MinutePassed minute = told(MinutePassed.class).get(0);
        assertEquals(Set.of(BTC), minute.filled());
        assertEquals(Set.of(), minute.unsure());
        assertEquals(List.of(2L, 3L, 6L, 4L, 5L), toldBtc());
    }

    @Test
    void shouldNotAskTwiceForWhatTheExchangeDoesNotHave() {
        goLive(10);
        update(50, btc(3, 50));
        update(55, btc(5, 55));
        heartbeats(56, 56);
        session.answered(BTC, page(btc(3, 50), btc(5, 55)), at(56.5));
        heartbeats(57, 70);
        assertEquals(1, asked.size());
        assertEquals(Set.of(), told(MinutePassed.class).get(0).unsure());
        assertEquals(Set.of(), told(MinutePassed.class).get(0).filled());
    }

    @Test
    void shouldPassAMinuteInDoubtAfterTwentySecondsAndReviseItLater() {
        goLive(10);
        update(50, btc(3, 50));
        update(59, btc(5, 59));
        heartbeats(60, 79.5);
        assertEquals(List.of(), told(MinutePassed.class));
        session.unanswered(BTC, at(79.5));
        heartbeats(80, 82);
        MinutePassed minute = told(MinutePassed.class).get(0);
        assertEquals(Set.of(BTC), minute.unsure());
        assertTrue(minute.alive());
        assertEquals(2, asked.size(), "asked again");
        assertTrue(asked.get(1) < Times.micros(START) * 1000, "the whole minute this time");
        session.answered(BTC, page(btc(2, 9.5), btc(3, 50), btc(4, 58), btc(5, 59)), at(82));
        CandlesRevised revised = told(CandlesRevised.class).get(0);
        assertEquals(BTC, revised.symbol());
        assertEquals(4, revised.candles().get(0).trades());
        assertEquals(Quality.REPAIRED, revised.candles().get(0).quality());
        assertFalse(toldBtc().contains(4L), "told by the candle");
        heartbeats(83, 130);
        assertEquals(2, asked.size());
        assertEquals(1, told(CandlesRevised.class).size());
    }

    @Test
    void shouldLetTheSnapshotFillAShortOutage() {
        goLive(10);
        update(50, btc(3, 50));
        session.lost("test", at(52));
        session.tick(at(54), true);
        session.opened(at(54));
        session.tick(at(54), true);
        receive(54, KrakenWords.granted("BTC/USD", at(54)));
        receive(54, KrakenWords.granted("ETH/USD", at(54)));
        receive(54, KrakenWords.trades("snapshot", List.of(btc(2, 9.5), btc(3, 50), btc(4, 53))));
        receive(54, KrakenWords.trades("snapshot", List.of(eth(1, -5), eth(2, 9.5))));
        heartbeats(55, 61);
        assertEquals(2, connects);
        assertEquals(List.of(), asked);
        assertEquals(Set.of(BTC), told(MinutePassed.class).get(0).filled());
        assertEquals(Set.of(), told(MinutePassed.class).get(0).unsure());
    }

    @Test
    void shouldReconnectWhenNothingComesForTenSecondsAndPongsDoNotCount() {
        goLive(10);
        receive(15, KrakenWords.pong(at(15)));
        session.tick(at(19.9), true);
        assertEquals(0, disconnects);
        session.tick(at(20), true);
        assertEquals(1, disconnects);
        session.tick(at(40), true);
        assertEquals(2, connects);
    }

    @Test
    void shouldNotBlameTheExchangeWhileNobodyListens() {
        goLive(10);
        for (double t = 11; t < 90; t += 1) {
            session.tick(at(t), false);
        }
        assertEquals(0, disconnects);
        assertEquals(List.of(), told(MinutePassed.class), "unread frames may hold trades of the minute");
    }

    @Test
    void shouldPassMinutesAsNotAliveWhenTheExchangeIsGone() {
        goLive(10);
        for (double t = 11; t < 145; t += 0.5) {
            session.tick(at(t), true);
            if (t > 21) {
                session.lost("refused", at(t));
            }
        }
        List<MinutePassed> minutes = told(MinutePassed.class);
        assertEquals(2, minutes.size());
        assertEquals(Set.of(BTC, ETH), minutes.get(1).unsure());
        assertFalse(minutes.get(0).alive());
        List<StateChanged> states = told(StateChanged.class);
        assertEquals(FeedState.SILENT, states.get(states.size() - 1).state());
        assertTrue(connects < 40, "backs off: " + connects);
    }

    @Test
    void shouldFindOutThatAnAcknowledgedSymbolIsSilent() {
        session = session(Duration.ofSeconds(30));
        goLive(10);
        for (double t = 10.5; t < 45; t += 0.5) {
            session.tick(at(t), true);
            receive(t, "{\"channel\":\"heartbeat\"}");
            if (t % 5 == 0) {
                update(t, eth((long) (t / 5), t));
            }
        }
        assertEquals(1, asked.size(), "BTC has been quiet for 30 s");
        sent.clear();
        session.answered(BTC, page(btc(2, 9.5), btc(3, 30)), at(45));
        assertTrue(toldBtc().contains(3L));
        session.tick(at(45.5), true);
        assertTrue(sent.stream().anyMatch(text -> text.contains("unsubscribe") && text.contains("BTC/USD")));
        session.tick(at(46), true);
        assertTrue(sent.stream().anyMatch(text -> text.contains("\"subscribe\"") && text.contains("BTC/USD")));
    }

    @Test
    void shouldAskAgainForASymbolThatWasRefusedInPassing() {
        session.tick(at(1), true);
        session.opened(at(1));
        session.tick(at(1), true);
        receive(1, KrakenWords.granted("BTC/USD", at(1)));
        receive(1, KrakenWords.refused("subscribe", "ETH/USD", "Exceeded msg rate", at(1)));
        long before = sent.stream().filter(text -> text.contains("ETH/USD")).count();
        heartbeats(1.5, 30);

        assertTrue(sent.stream().filter(text -> text.contains("ETH/USD")).count() > before);
    }

    @Test
    void shouldGoOnWithoutARefusedSymbol() {
        session.tick(at(1), true);
        session.opened(at(1));
        session.tick(at(1), true);
        receive(1, KrakenWords.granted("BTC/USD", at(1)));
        receive(1, KrakenWords.refused("subscribe", "ETH/USD", "Currency pair not supported ETH/USD", at(1)));
        receive(1, KrakenWords.trades("snapshot", List.of(btc(1, -5), btc(2, 0.5))));
        heartbeats(2, 61);
        assertEquals(Set.of(ETH), told(MinutePassed.class).get(0).unsure());
        assertEquals(at(60), told(MinutePassed.class).get(0).closeTime(), "nobody waits for it");
        assertEquals(FeedState.LIVE, told(StateChanged.class).get(1).state());
    }

    @Test
    void shouldPauseInMaintenanceAndComeBack() {
        goLive(10);
        receive(20, KrakenWords.status("maintenance"));
        heartbeats(21, 65);
        assertEquals(1, connects);
        assertEquals(1, told(MinutePassed.class).size(), "time goes on");
        receive(66, KrakenWords.status("online"));
        session.tick(at(66), true);
        receive(66, KrakenWords.granted("BTC/USD", at(66)));
        receive(66, KrakenWords.granted("ETH/USD", at(66)));
        assertEquals(
                List.of(FeedState.CONNECTING, FeedState.LIVE, FeedState.PAUSED, FeedState.LIVE),
                told(StateChanged.class).stream().map(StateChanged::state).toList());
    }

    @Test
    void shouldNotBelieveATradeFromTheFuture() {
        goLive(10);
        update(20, btc(3, 86_400 * 365));
        heartbeats(21, 25);
        assertEquals(List.of(), told(MinutePassed.class));
        assertEquals(List.of(2L), toldBtc());
    }

    @Test
    void shouldGiveALateTradeToTheMarketOnce() {
        goLive(10);
        heartbeats(11, 62);
        assertEquals(1, told(MinutePassed.class).size());
        update(62, btc(3, 59.9));
        assertEquals(List.of(2L, 3L), toldBtc());
        assertEquals(List.of(), told(CandlesRevised.class));
    }

    @Test
    void shouldSurviveAllGarbage() {
        goLive(10);
        for (String garbage : KrakenWords.GARBAGE) {
            receive(11, garbage);
        }
        update(12, btc(3, 12));
        assertEquals(List.of(2L, 3L), toldBtc());
        assertEquals(0, disconnects);
    }
}
