package tickcast.http.node;

import akka.actor.ActorSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.kraken.KrakenServer;

/**
 * A recording that happens again, at a Kraken-protocol server, on a {@link PatientClock}; and a node that follows it from some
 * minute on. Before the clock goes on the node has read back what happened before.
 */
final class LiveMarket {

    private static final Duration AFTER_THE_MINUTE = Duration.ofSeconds(2);
    private static final String KRAKEN = "tickcast.market.kraken.";

    private final Recording recording;
    private final Instant first;
    private final Instant end;
    private final PatientClock clock;
    private final CompletableFuture<Void> live = new CompletableFuture<>();
    private final CompletableFuture<Void> readBack = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Set<Symbol> toReadBack;
    private final Map<Instant, Integer> predicted = new HashMap<>();

    /**
     * @param first open time of the last minute that is over when the node starts; every symbol trades in it
     * @param end close time of the last minute that is played
     */
    LiveMarket(Recording recording, Instant first, Instant end) {
        this.recording = recording;
        this.first = first;
        this.end = end;
        this.clock = new PatientClock(first.plus(Candle.INTERVAL).plus(AFTER_THE_MINUTE));
        this.toReadBack = new HashSet<>(recording.symbols());
    }

    /** Plays it into a data directory. */
    void play(Path data) throws Exception {
        ActorSystem system = ActorSystem.create("kraken", com.typesafe.config.ConfigFactory.load());
        try (KrakenServer server = KrakenServer.start(system, recording.trades(), clock);
                TestNode node = TestNode.start(settings(server, data), clock, this::hear)) {
            node.port();
            live.get(60, TimeUnit.SECONDS);
            readBack.get(60, TimeUnit.SECONDS);
            clock.go(first.plus(Candle.INTERVAL.multipliedBy(2)));
            over.get(60 + Duration.between(first, end).toMinutes(), TimeUnit.SECONDS);
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    /** On the hurrying clock silence proves nothing; one second of grace there is a tenth of a real one. */
    private Map<String, Object> settings(KrakenServer server, Path data) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("tickcast.market.source", "kraken");
        settings.put(
                "tickcast.symbols",
                String.join(",", recording.symbols().stream().map(Symbol::name).toList()));
        settings.put("tickcast.data-directory", data.toString());
        settings.put("tickcast.market.grace", "1s");
        settings.put(KRAKEN + "websocket-url", server.webSocketUrl().toString());
        settings.put(KRAKEN + "rest-url", server.restUrl().toString());
        settings.put(KRAKEN + "rest-interval", "2ms");
        settings.put(KRAKEN + "tick-every", "5ms");
        settings.put(KRAKEN + "ping-every", "500ms");
        settings.put(KRAKEN + "frame-timeout", "1d");
        settings.put(KRAKEN + "silent-symbol-after", "1d");
        return settings;
    }

    private synchronized void hear(Published event) {
        if (event instanceof Published.FeedChanged feed && feed.state() == FeedState.LIVE) {
            live.complete(null);
        } else if (event instanceof Published.CandleClosed closed) {
            hear(closed.candle());
        } else if (event instanceof Published.PredictionMade made) {
            predicted(made.prediction().asOf());
        }
    }

    /** The newest minute of the past is the last to be read back: its candle comes once more, with flow. */
    private void hear(Candle candle) {
        if (candle.openTime().equals(first) && !Double.isNaN(candle.buyVolume())) {
            toReadBack.remove(candle.symbol());
            if (toReadBack.isEmpty()) {
                readBack.complete(null);
            }
        }
    }

    private void predicted(Instant asOf) {
        if (predicted.merge(asOf, 1, Integer::sum) == recording.symbols().size()) {
            clock.answered(asOf);
            if (!asOf.isBefore(end)) {
                over.complete(null);
            }
        }
    }
}
