package tickcast.streams.exchange.kraken;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * What the Kraken feed is told. All durations but those of {@link Rest} and {@code tickEvery} are measured on the feed's
 * {@code InstantSource}, so that a drill can run on a faster clock.
 *
 * @param webSocketUrl WebSocket v2 address
 * @param restUrl scheme and host of REST
 * @param grace how long after a minute's end its trades are waited for
 * @param frameTimeout without any frame for this long a connection is dead
 * @param silentSymbolAfter an acknowledged symbol that says nothing for this long is checked against REST
 * @param holdAtMost how long after a minute's end it is held back for a repair
 * @param historyLag how far REST may lag behind the WebSocket
 * @param aheadAtMost a trade further in the future than this is a mistake
 * @param backoffMin first ceiling of the random pause before a reconnect
 * @param backoffMax last ceiling of it
 * @param connectBudget most connects per {@code connectBudgetWindow}
 * @param pingEvery pause between pings that measure the exchange's clock
 * @param subscribesPerSecond most subscribe requests a second
 * @param symbolsPerSubscribe most symbols in one subscribe request
 * @param maxFrameChars longer inbound messages are thrown away
 * @param tickEvery how often timers are looked at, in real time
 * @param rest REST's own figures
 */
public record KrakenSettings(
        URI webSocketUrl,
        URI restUrl,
        Duration grace,
        Duration frameTimeout,
        Duration silentSymbolAfter,
        Duration holdAtMost,
        Duration historyLag,
        Duration aheadAtMost,
        Duration backoffMin,
        Duration backoffMax,
        int connectBudget,
        Duration connectBudgetWindow,
        Duration pingEvery,
        int subscribesPerSecond,
        int symbolsPerSubscribe,
        int maxFrameChars,
        Duration tickEvery,
        Rest rest) {

    /**
     * @param interval pause between two requests
     * @param timeout for one answer
     * @param backoffMin first ceiling of the random pause before a request is tried again
     * @param backoffMax last ceiling of it
     * @param attempts how often a request is tried before it fails
     * @param maxAnswerBytes longer answers fail
     * @param readBack whether trades are read back in the background: first those since the recursions' start
     * @param readBackDepth how far before now the reading goes on then, in whole UTC days
     */
    public record Rest(
            Duration interval,
            Duration timeout,
            Duration backoffMin,
            Duration backoffMax,
            int attempts,
            int maxAnswerBytes,
            boolean readBack,
            Duration readBackDepth) {

        Rest withReadBackDepth(Duration depth) {
            return new Rest(interval, timeout, backoffMin, backoffMax, attempts, maxAnswerBytes, readBack, depth);
        }

        static Rest defaults() {
            return new Rest(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(60),
                    4,
                    4 << 20,
                    true,
                    Duration.ofDays(21));
        }
    }

    /** Kraken's public addresses. */
    public static KrakenSettings defaults() {
        return defaults(URI.create("wss://ws.kraken.com/v2"), URI.create("https://api.kraken.com"));
    }

    /** The usual figures at other addresses. */
    public static KrakenSettings defaults(URI webSocketUrl, URI restUrl) {
        return new KrakenSettings(
                webSocketUrl,
                restUrl,
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                60,
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                10,
                50,
                1 << 20,
                Duration.ofMillis(100),
                Rest.defaults());
    }

    /**
     * Reads {@code tickcast.market.kraken}. Only the two addresses must be there; a key that is absent has its usual value.
     *
     * @throws com.typesafe.config.ConfigException when a value is of the wrong kind; it names the key
     */
    public static KrakenSettings from(Config config) {
        KrakenSettings usual =
                defaults(URI.create(config.getString("websocket-url")), URI.create(config.getString("rest-url")));
        Reader read = new Reader(config);
        return new KrakenSettings(
                usual.webSocketUrl,
                usual.restUrl,
                read.duration("grace", usual.grace),
                read.duration("frame-timeout", usual.frameTimeout),
                read.duration("silent-symbol-after", usual.silentSymbolAfter),
                read.duration("hold-at-most", usual.holdAtMost),
                read.duration("history-lag", usual.historyLag),
                read.duration("ahead-at-most", usual.aheadAtMost),
                read.duration("backoff-min", usual.backoffMin),
                read.duration("backoff-max", usual.backoffMax),
                read.count("connect-budget", usual.connectBudget),
                read.duration("connect-budget-window", usual.connectBudgetWindow),
                read.duration("ping-every", usual.pingEvery),
                read.count("subscribes-per-second", usual.subscribesPerSecond),
                read.count("symbols-per-subscribe", usual.symbolsPerSubscribe),
                read.count("max-frame-chars", usual.maxFrameChars),
                read.duration("tick-every", usual.tickEvery),
                read.rest(usual.rest));
    }

    /** The same with another depth of reading back. */
    public KrakenSettings withReadBackDepth(Duration depth) {
        return new KrakenSettings(
                webSocketUrl,
                restUrl,
                grace,
                frameTimeout,
                silentSymbolAfter,
                holdAtMost,
                historyLag,
                aheadAtMost,
                backoffMin,
                backoffMax,
                connectBudget,
                connectBudgetWindow,
                pingEvery,
                subscribesPerSecond,
                symbolsPerSubscribe,
                maxFrameChars,
                tickEvery,
                rest.withReadBackDepth(depth));
    }

    private record Reader(Config config) {

        Rest rest(Rest usual) {
            return new Rest(
                    duration("rest-interval", usual.interval),
                    duration("rest-timeout", usual.timeout),
                    duration("rest-backoff-min", usual.backoffMin),
                    duration("rest-backoff-max", usual.backoffMax),
                    count("rest-attempts", usual.attempts),
                    count("rest-max-answer-bytes", usual.maxAnswerBytes),
                    value("read-back", config::getBoolean, usual.readBack),
                    duration("read-back-depth", usual.readBackDepth));
        }

        Duration duration(String key, Duration usual) {
            return value(key, config::getDuration, usual);
        }

        int count(String key, int usual) {
            return value(key, config::getInt, usual);
        }

        private <T> T value(String key, Function<String, T> reader, T usual) {
            return config.hasPath(key) ? reader.apply(key) : usual;
        }
    }
}
