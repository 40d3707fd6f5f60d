package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.http.node.PacedReplay.Latencies;
import tickcast.model.archive.Archive;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.DeadLetterFile;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.ElasticsearchServer;
import tickcast.streams.elasticsearch.ElasticsearchSettings;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.kafka.KafkaServer;

/**
 * Elasticsearch goes away under load, comes back too busy, and has an index that refuses some of the predictions: meanwhile
 * predictions come as before, and in the end everything is in the store, but for what it refuses, which is a dead letter.
 */
class ElasticsearchAwayTest {

    /** Here the wrong index begins. */
    private static final Instant MONTH = Instant.parse("2025-12-01T00:00:00Z");

    private static final Duration WARM_UP = Duration.ofMinutes(20);
    private static final Duration RESTART = Duration.ofSeconds(40);
    private static final double MEBIBYTE = 1 << 20;

    /**
     * @param period of one recorded minute
     * @param quiet minutes before Elasticsearch goes @param away how long it is stopped, by the clock
     * @param busy minutes of 429 and 503 @param refusing minutes of the month whose index refuses something
     * @param patience for the latency, p99, in milliseconds
     */
    private record Plan(Duration period, int quiet, Duration away, int busy, int refusing, double patience) {

        /** With room for the server's start. */
        Duration beforeTheMonth() {
            long byTheClock = away.plus(RESTART).dividedBy(period);
            return WARM_UP.plus(Candle.INTERVAL.multipliedBy(quiet + busy + byTheClock));
        }
    }

    private static final Plan SHORT = new Plan(Duration.ofMillis(250), 30, Duration.ofSeconds(8), 20, 20, 5000);
    private static final Plan LONG = new Plan(Duration.ofMillis(500), 240, Duration.ofMinutes(5), 120, 120, 250);

    @TempDir
    Path folder;

    private ElasticsearchServer server;
    private BusyProxy proxy;
    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private PacedReplay feed;

    @AfterEach
    void remove() {
        proxy.close();
        server.remove();
    }

    @Test
    void shouldLoseNothingWithKafkaWhileElasticsearchIsAway() throws Exception {
        drill("kafka", SHORT);
    }

    @Test
    void shouldLoseNothingWithoutKafkaWhileElasticsearchIsAway() throws Exception {
        drill("direct", SHORT);
    }

    @Test
    @Tag("drill")
    void shouldLoseNothingInFiveMinutesWithKafka() throws Exception {
        drill("kafka", LONG);
    }

    @Test
    @Tag("drill")
    void shouldLoseNothingInFiveMinutesWithoutKafka() throws Exception {
        drill("direct", LONG);
    }

    // --- the run

    /** What was seen on the way. @param heapGrowth of the live set, from before to the end of the outage, in bytes */
    private record Seen(Latencies quiet, Latencies away, Latencies busy, Latencies refusing, double heapGrowth) {

        Latencies disturbed() {
            return away.with(busy).with(refusing);
        }
    }

    private void drill(String bus, Plan plan) throws Exception {
        server = plan == LONG ? ElasticsearchServer.forLong() : ElasticsearchServer.fresh();
        proxy = BusyProxy.before(server.url());
        Instant start = MONTH.minus(plan.beforeTheMonth());
        Duration length = plan.beforeTheMonth().plus(Candle.INTERVAL.multipliedBy(plan.refusing()));
        Path history = Recording.of(start, length).write(folder.resolve("history"), start, start.plus(length));
        MarketSource source = MarketSource.replay(HistoryFiles.discover(history).fingerprint());
        KafkaRun run = new KafkaRun(history, source);
        Path undisturbed = folder.resolve("undisturbed");
        TestNode.playToTheEnd(run.direct(undisturbed), 120 + length.toMinutes() / 10);
        Kept wanted = Kept.read(undisturbed, source, Recording.SYMBOLS);

        Path data = folder.resolve(bus);
        String prefix = "away-" + bus + "-" + plan.quiet();
        feed = new PacedReplay(HistoryFiles.discover(history), Recording.SYMBOLS, plan.period(), MONTH);
        Kept seen;
        Seen on;
        try (TestNode node = TestNode.start(settings(bus, data, prefix), feed, this::hear);
                Archive store = ElasticsearchArchive.open(
                        ElasticsearchSettings.of(
                                List.of(URI.create(server.url())), Optional.empty(), Optional.empty(), prefix),
                        source,
                        DeadLetterFile.below(folder.resolve("none"), source),
                        new SimpleMeterRegistry())) {
            node.port();
            on = disturb(plan, start, prefix);
            seen = awaitAll(store, wanted, () -> refused(bus, data, source, prefix));
        }
        Refused refused = refused(bus, data, source, prefix);
        refused.assertComplete(wanted, seen);
        tell(bus, plan, on, wanted, refused);
    }

    private static Refused refused(String bus, Path data, MarketSource source, String prefix) {
        return bus.equals("kafka")
                ? Refused.inTopic(KafkaServer.shared().bootstrapServers(), prefix + ".rejected")
                : Refused.inFile(data, source);
    }

    private Map<String, Object> settings(String bus, Path data, String prefix) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "tickcast.data-directory",
                data.toString(),
                "tickcast.store",
                "elasticsearch",
                "tickcast.elasticsearch.url",
                proxy.url(),
                "tickcast.elasticsearch.index-prefix",
                prefix));
        if (bus.equals("kafka")) {
            settings.putAll(KafkaRun.bus(KafkaServer.shared(), prefix));
        }
        return settings;
    }

    private void hear(Published event) {
        feed.hear(event);
        if (event instanceof Published.FeedChanged changed && changed.state() == FeedState.ENDED) {
            ended.complete(null);
        }
    }

    private Seen disturb(Plan plan, Instant start, String prefix) throws Exception {
        awaitMinute(start.plus(WARM_UP));
        long quietFrom = System.nanoTime();
        awaitMinute(feed.newest().plus(Candle.INTERVAL.multipliedBy(plan.quiet())));
        long quietTo = System.nanoTime();
        double before = liveSet();

        long awayFrom = System.nanoTime();
        server.stop();
        awaitMinute(feed.newest().plus(Candle.INTERVAL.multipliedBy(plan.away().dividedBy(plan.period()))));
        long awayTo = System.nanoTime();
        double during = liveSet();
        server.start();

        long busyFrom = System.nanoTime();
        proxy.busy(true);
        awaitMinute(feed.newest().plus(Candle.INTERVAL.multipliedBy(plan.busy())));
        await("a refused request", () -> proxy.refused() > 0);
        long busyTo = System.nanoTime();
        proxy.busy(false);

        put("/" + prefix + "-predictions-2025.12", """
                {"mappings": {"properties": {"lastPrice": {"type": "short"}}}}
                """);
        feed.passTheBarrier();
        awaitMinute(MONTH.plus(Candle.INTERVAL));
        long refusingFrom = System.nanoTime();
        ended.get(120 + plan.refusing(), TimeUnit.SECONDS);
        return new Seen(
                feed.latencies(quietFrom, quietTo),
                feed.latencies(awayFrom, awayTo),
                feed.latencies(busyFrom, busyTo),
                feed.latencies(refusingFrom, Long.MAX_VALUE),
                during - before);
    }

    /** Or the barrier, if that comes first. */
    private void awaitMinute(Instant closeTime) {
        Instant reachable = closeTime.isAfter(MONTH) && !feed.hasLeave() ? MONTH : closeTime;
        await("minute " + reachable, () -> !feed.newest().isBefore(reachable));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "never came: " + what);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static double liveSet() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The store learns the last of it some moments after the feed's end. */
    private static Kept awaitAll(Archive store, Kept wanted, Supplier<Refused> letters) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (true) {
            Kept seen = Kept.read(store, Recording.SYMBOLS);
            int refused = letters.get().keys().size();
            boolean all = seen.candles().size() == wanted.candles().size()
                    && seen.features().size() == wanted.features().size()
                    && seen.predictions().size() + refused
                            == wanted.predictions().size()
                    && seen.errors().size() == wanted.errors().size();
            if (all || System.nanoTime() > end) {
                return seen;
            }
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }

    private void put(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
    }

    // --- the figures

    private void tell(String bus, Plan plan, Seen on, Kept wanted, Refused refused) {
        Latencies disturbed = on.disturbed();
        DrillTable.row(
                "Elasticsearch stopped for %d s, then 429 and 503, then a wrong mapping; bus %s, %d predictions a second"
                        .formatted(
                                plan.away().toSeconds(),
                                bus,
                                1000 * Recording.SYMBOLS.size() / plan.period().toMillis()),
                "0 lost; p99 <= 2 x undisturbed and <= 250 ms; live set <= 64 MiB more",
                "0 lost of %d predictions, %d of them dead letters; p50/p99 %.0f/%.0f ms undisturbed, away %.0f/%.0f,"
                        + " busy %.0f/%.0f, refusing %.0f/%.0f; live set %+.1f MiB; %d bulk requests refused",
                wanted.predictions().size(),
                refused.keys().size(),
                on.quiet().quantile(0.5),
                on.quiet().quantile(0.99),
                on.away().quantile(0.5),
                on.away().quantile(0.99),
                on.busy().quantile(0.5),
                on.busy().quantile(0.99),
                on.refusing().quantile(0.5),
                on.refusing().quantile(0.99),
                on.heapGrowth() / MEBIBYTE,
                proxy.refused());
        assertTrue(disturbed.count() > 0 && on.quiet().count() > 0);
        assertTrue(disturbed.quantile(0.99) <= plan.patience(), "a prediction waited for the store");
        assertTrue(on.heapGrowth() <= 64 * MEBIBYTE, "the live set grew by " + on.heapGrowth() / MEBIBYTE + " MiB");
        if (plan == LONG) {
            assertTrue(disturbed.quantile(0.99) <= 2 * on.quiet().quantile(0.99), "slower than twice the undisturbed");
        }
    }
}
