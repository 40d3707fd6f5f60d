package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tickcast.actors.topic.FeedState;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.FeedEvent;

/**
 * The whole feed without its sockets: what happened goes in with the time at which it did, feed events and orders to the
 * {@link Wire} come out. Single-threaded.
 */
final class FeedSession {

    /** What a session can do to the outside. Orders are carried out later, their outcome comes back as an input. */
    interface Wire {
        /** Opens a connection; then {@link #opened} or {@link #lost}. */
        void connect();

        /** Ends the connection; it is not heard of again. */
        void disconnect();

        void send(String text);

        /** Asks REST for one page; then {@link #answered} or {@link #unanswered}. */
        void askTrades(Symbol symbol, long sinceNanos);
    }

    private static final String ONLINE = "online";

    private final KrakenSettings settings;
    private final KrakenFrames frames;
    private final FeedMetrics metrics;
    private final Wire wire;
    private final Consumer<FeedEvent> out;
    private final ConnectionKeeper keeper;
    private final Subscriptions subscriptions;
    private final Reconciler reconciler;
    private final Repairs repairs;

    private Optional<FeedState> told = Optional.empty();
    private String system = ONLINE;
    private Instant nextPing = Instant.MIN;

    FeedSession(
            KrakenSettings settings,
            List<Symbol> symbols,
            Instant start,
            ConnectBudget budget,
            FeedMetrics metrics,
            RandomGenerator random,
            Wire wire,
            Consumer<FeedEvent> out) {
        this.settings = settings;
        this.frames = new KrakenFrames(symbols);
        this.metrics = metrics;
        this.wire = wire;
        this.out = out;
        this.keeper = new ConnectionKeeper(settings, budget, random);
        this.subscriptions = new Subscriptions(settings, symbols);
        this.reconciler = new Reconciler(settings, symbols, start, metrics, out);
        this.repairs = new Repairs(settings, reconciler, subscriptions, metrics, random, wire::askTrades);
    }

    /**
     * Some time went by.
     *
     * @param upToDate whether everything that has come in was read; while we do not listen, silence proves nothing
     */
    void tick(Instant now, boolean upToDate) {
        if (!upToDate) {
            keeper.hear(now);
        }
        if (keeper.isDead(now)) {
            wire.disconnect();
            lost("nothing came for " + describe(settings.frameTimeout()), now);
        }
        if (keeper.beginsToConnect(now)) {
            tellConnecting("Connecting to Kraken.");
            wire.connect();
        }
        if (keeper.isOpen()) {
            subscriptions.tick(now, wire::send);
            pingIfDue(now);
        }
        repairs.tick(now);
        release(now, upToDate);
    }

    private static String describe(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private void pingIfDue(Instant now) {
        if (!now.isBefore(nextPing)) {
            wire.send("{\"method\":\"ping\"}");
            nextPing = now.plus(settings.pingEvery());
        }
    }

    private void release(Instant now, boolean upToDate) {
        if (!reconciler.release(now, upToDate) && !keeper.isOpen()) {
            tell(FeedState.SILENT, "Kraken can't be reached; predictions pause until it answers again.");
        }
    }

    /** The connection is open. */
    void opened(Instant now) {
        keeper.opened(now);
        system = ONLINE;
        nextPing = now;
        subscriptions.forgetAll();
    }

    /** The connection, or the attempt to open one, has ended. */
    void lost(String reason, Instant now) {
        if (keeper.isWaiting()) {
            return;
        }
        keeper.lost(now);
        metrics.reconnect();
        reconciler.loseConnection();
        subscriptions.forgetAll();
        tellConnecting("The connection to Kraken was lost (" + reason + "); trying again.");
    }

    private void tellConnecting(String detail) {
        if (!told.equals(Optional.of(FeedState.SILENT))) {
            tell(FeedState.CONNECTING, detail);
        }
    }

    /**
     * A message came.
     *
     * @param fresh whether it was waited for, so that it came just now
     */
    void received(String text, Instant now, boolean fresh) {
        Frame frame = frames.decode(text);
        metrics.frame(frame.kind());
        if (!(frame instanceof Frame.Pong)) {
            keeper.hear(now);
        }
        if (frame instanceof Frame.Trades trades) {
            take(trades, text, now, fresh);
        } else if (frame instanceof Frame.Granted granted) {
            take(granted, now);
        } else if (frame instanceof Frame.Refused refused) {
            take(refused, now);
        } else if (frame instanceof Frame.Status status) {
            take(status);
        } else if (frame instanceof Frame.Pong pong) {
            reconciler.measure(pong.sentMicros(), now);
        } else if (frame instanceof Frame.Garbage garbage) {
            metrics.bad("garbage", garbage.reason());
        } else if (frame instanceof Frame.Other other && other.kind().equals("unknown")) {
            metrics.bad("unknown-frame", excerpt(text));
        }
        if (!(frame instanceof Frame.Garbage)) {
            reconciler.hear(now, fresh);
        }
        release(now, fresh);
    }

    private static String excerpt(String text) {
        return text.substring(0, Math.min(text.length(), 200));
    }

    private void take(Frame.Trades frame, String text, Instant now, boolean fresh) {
        metrics.bad("malformed-trade", frame.malformed(), excerpt(text));
        metrics.bad("foreign-trade", frame.foreign(), excerpt(text));
        reconciler.take(frame, now, fresh);
        frame.trades().forEach(trade -> subscriptions.of(trade.symbol()).hear(now));
    }

    private void take(Frame.Granted frame, Instant now) {
        reconciler.measure(frame.sentMicros(), now);
        if (frame.method().equals("subscribe")) {
            frame.symbol().ifPresent(symbol -> grant(symbol, now));
        }
    }

    private void grant(Symbol symbol, Instant now) {
        reconciler.admit(symbol);
        subscriptions.of(symbol).grant(now, reconciler.exchangeMicros(now));
        tellWhetherLive();
    }

    private void take(Frame.Refused frame, Instant now) {
        Optional<Symbol> symbol = Symbol.tryParse(frame.symbol())
                .filter(known -> frame.method().equals("subscribe"))
                .filter(known -> reconciler.track(known).isPresent());
        boolean subscribedAlready = frame.error().toLowerCase(Locale.ROOT).contains("already subscribed");
        if (symbol.isPresent() && subscribedAlready) {
            grant(symbol.get(), now);
            return;
        }
        symbol.filter(known -> isForGood(frame.error()))
                .ifPresentOrElse(known -> refuse(known, frame.error()), () -> metrics.bad("refusal", frame.error()));
    }

    /** Whether asking again is of no use on this connection; a request that was refused for other reasons times out, then it is sent again. */
    private static boolean isForGood(String error) {
        String text = error.toLowerCase(Locale.ROOT);
        return text.contains("not supported") || text.contains("invalid") || text.contains("unknown");
    }

    private void refuse(Symbol symbol, String error) {
        metrics.refused(symbol, error);
        reconciler.refuse(symbol);
        subscriptions.of(symbol).refuse();
        tellWhetherLive();
    }

    private void take(Frame.Status frame) {
        if (frame.system().isEmpty() || frame.system().equals(system)) {
            return;
        }
        boolean back = frame.system().equals(ONLINE);
        system = frame.system();
        if (back) {
            reconciler.tracks().forEach(reconciler::distrust);
            subscriptions.forgetAll();
        }
        tellWhetherLive();
    }

    private void tellWhetherLive() {
        if (!system.equals(ONLINE)) {
            tell(
                    FeedState.PAUSED,
                    "Kraken says its market is " + system.replace('_', ' ') + "; waiting until it is online.");
        } else if (keeper.isOpen() && subscriptions.areSettled()) {
            keeper.proven();
            tell(FeedState.LIVE, "Following Kraken live.");
        }
    }

    /** REST answered a question for trades. */
    void answered(Symbol symbol, TradesPage page, Instant now) {
        switch (repairs.take(symbol, page, now)) {
            case SILENT -> renew(symbol, now);
            case QUIET -> subscriptions.of(symbol).foundQuiet(now);
            case NONE -> {}
        }
        repairs.tick(now);
        release(now, false);
    }

    /** REST did not answer a question for trades. */
    void unanswered(Symbol symbol, Instant now) {
        repairs.fail(symbol, now);
    }

    private void renew(Symbol symbol, Instant now) {
        Subscription subscription = subscriptions.of(symbol);
        metrics.bad("silent-subscription", symbol.name());
        if (!keeper.isOpen()) {
            return;
        }
        reconciler.track(symbol).ifPresent(reconciler::distrust);
        if (subscription.foundSilent() < 2) {
            subscriptions.renew(subscription, now, wire::send);
        } else {
            wire.disconnect();
            lost(symbol + " was silent although it traded", now);
        }
    }

    private void tell(FeedState state, String detail) {
        if (!told.equals(Optional.of(state))) {
            told = Optional.of(state);
            out.accept(new FeedEvent.StateChanged(state, detail));
        }
    }
}
