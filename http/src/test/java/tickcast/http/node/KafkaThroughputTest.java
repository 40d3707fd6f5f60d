package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.elasticsearch.ElasticsearchServer;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaServer;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.KafkaTopics;
import tickcast.streams.kafka.RecordWriter;

/** Trades from Kafka to stored candles, predictions and errors, with the broker and the store on the same machine. */
class KafkaThroughputTest {

    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    private static final MarketSource SOURCE = MarketSource.SIMULATED;
    private static final int SYMBOLS = 20;
    private static final int TRADES_PER_MINUTE = 100_000;
    private static final int TRADES_PER_RECORD = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final double SUSTAINED = 60_000;
    private static final int TENTHS = 10;
    /** After so many tenths the memory in front of the store is full: 128 recorded minutes have gone by. */
    private static final int FILLED = 4;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Symbol, Instant> closed = new ConcurrentHashMap<>();
    private KafkaSettings kafka;
    private TradeLoad load;

    @Test
    @Tag("bench")
    void shouldPrintWhatKafkaToSqliteTakes() throws Exception {
        burst("SQLite", Map.of(), 40);
    }

    @Test
    @Tag("bench")
    void shouldPrintWhatKafkaToElasticsearchTakes() throws Exception {
        ElasticsearchServer server = ElasticsearchServer.forLong();
        try {
            burst("Elasticsearch", elasticsearch(server), 40);
        } finally {
            server.remove();
        }
    }

    @Test
    @Tag("drill")
    void shouldTakeFiftyThousandTradesASecondForTenMinutes() throws Exception {
        sustain(Duration.ofMinutes(Integer.getInteger("tickcast.throughput.minutes", 10)));
    }

    private static Map<String, Object> elasticsearch(ElasticsearchServer server) {
        return Map.of(
                "tickcast.store",
                "elasticsearch",
                "tickcast.elasticsearch.url",
                server.url(),
                "tickcast.elasticsearch.index-prefix",
                "throughput");
    }

    // --- as fast as it can

    /** What is in the topic before the node starts. */
    private void burst(String store, Map<String, Object> more, int minutes) throws Exception {
        Map<String, Object> settings = prepare("burst-" + store.toLowerCase(java.util.Locale.ROOT), more);
        Instant last = START;
        try (RecordWriter writer = new RecordWriter(kafka, "load", new SimpleMeterRegistry())) {
            for (int i = 0; i < minutes; i++) {
                last = load.writeMinute(writer);
            }
            load.flush();
        }
        Instant warm = START.plus(Candle.INTERVAL.multipliedBy(minutes / 4));
        try (TestNode node = TestNode.start(settings, new SilentFeed(load.symbols()), this::hear)) {
            int port = node.port();
            awaitAllClosed(warm);
            long cpuBefore = cpuNanos();
            long before = System.nanoTime();
            String shares;
            try (StageSampler sampler = StageSampler.start()) {
                awaitAllClosed(last);
                awaitArchived(port);
                shares = sampler.shares();
            }
            double trades = Duration.between(warm, last).toMinutes() * (double) load.tradesPerMinute();
            double seconds = (System.nanoTime() - before) / 1e9;
            DrillTable.row(
                    "trades Kafka -> candle -> archive (%s), broker and store on the same %d cores"
                            .formatted(store, Runtime.getRuntime().availableProcessors()),
                    ">= 50000 / s",
                    "%.0f / s, %.2f us CPU of this process each: %s; load %.1f",
                    trades / seconds,
                    (cpuNanos() - cpuBefore) / 1e3 / trades,
                    shares,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        }
        assertEquals((long) minutes * load.tradesPerMinute(), tradesStored(settings), "trades in the stored candles");
    }

    // --- for a long time

    private void sustain(Duration length) throws Exception {
        Map<String, Object> settings = prepare("sustain", Map.of());
        List<Long> liveSets = new ArrayList<>();
        long sent = 0;
        double seconds;
        Duration longestLag = Duration.ZERO;
        try (TestNode node = TestNode.start(settings, new SilentFeed(load.symbols()), this::hear);
                RecordWriter writer = new RecordWriter(kafka, "load", new SimpleMeterRegistry())) {
            int port = node.port();
            long minuteNanos = (long) (1e9 * load.tradesPerMinute() / SUSTAINED);
            long begin = System.nanoTime();
            for (long i = 0; System.nanoTime() - begin < length.toNanos(); i++) {
                LockSupport.parkNanos(begin + i * minuteNanos - System.nanoTime());
                Instant end = load.writeMinute(writer);
                sent += load.tradesPerMinute();
                Duration lag = Duration.between(oldestClosed(), end);
                longestLag = lag.compareTo(longestLag) > 0 ? lag : longestLag;
                if ((System.nanoTime() - begin) * TENTHS >= length.toNanos() * (liveSets.size() + 1)) {
                    load.flush();
                    awaitAllClosed(end);
                    awaitArchived(port);
                    System.gc();
                    liveSets.add(ManagementFactory.getMemoryMXBean()
                            .getHeapMemoryUsage()
                            .getUsed());
                }
            }
            load.flush();
            awaitAllClosed(START.plus(Candle.INTERVAL.multipliedBy(sent / load.tradesPerMinute())));
            awaitArchived(port);
            seconds = (System.nanoTime() - begin) / 1e9;
        }
        double filled = liveSets.get(FILLED - 1);
        double most =
                liveSets.stream().skip(FILLED).mapToLong(size -> size).max().orElseThrow() / filled - 1;
        DrillTable.row(
                "trades Kafka -> candle -> archive (SQLite) for %d min, producer, broker and store on the same %d cores"
                        .formatted(length.toMinutes(), Runtime.getRuntime().availableProcessors()),
                ">= 50000 / s, flat memory",
                "%.0f / s over %.0f s, pauses to look at the heap included; live set between them %.1f MiB when memory holds"
                        + " its 128 minutes of each symbol, at most %+.1f %% later; farthest behind %d recorded minutes",
                sent / seconds,
                seconds,
                filled / (1 << 20),
                100 * most,
                longestLag.toMinutes());
        assertEquals(sent, tradesStored(settings), "trades in the stored candles");
        assertTrue(sent / seconds >= 50_000, "only " + sent / seconds + " / s");
        assertTrue(most <= 0.15, () -> "live sets " + liveSets);
    }

    // --- parts

    private Map<String, Object> prepare(String name, Map<String, Object> more) {
        Map<String, Object> settings = KafkaRun.bus(KafkaServer.shared(), "throughput-" + name);
        settings.put("tickcast.kafka.partitions", 4);
        settings.put("tickcast.data-directory", folder.resolve("data").toString());
        settings.putAll(more);
        kafka = Settings.of(NodeConfig.load(ConfigFactory.parseMap(new HashMap<>(settings))))
                .kafka();
        try (Admin admin = Admin.create(KafkaTopics.adminProperties(kafka))) {
            KafkaTopics.ensure(admin, kafka)
                    .exceptionallyCompose(notKnownYet -> KafkaTopics.ensure(admin, kafka))
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        }
        load = new TradeLoad(
                SYMBOLS, TRADES_PER_MINUTE / SYMBOLS, TRADES_PER_RECORD, SOURCE, kafka.name(BusTopic.TRADES), START);
        return settings;
    }

    private void hear(Published event) {
        if (event instanceof Published.CandleClosed one) {
            closed.merge(one.candle().symbol(), one.candle().closeTime(), (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    private Instant oldestClosed() {
        return closed.size() < load.symbols().size()
                ? START
                : closed.values().stream().min(Instant::compareTo).orElse(START);
    }

    private void awaitAllClosed(Instant closeTime) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (oldestClosed().isBefore(closeTime)) {
            assertTrue(System.nanoTime() < end, "only came to " + oldestClosed());
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** Until nothing waits in the log for the store. */
    private void awaitArchived(int port) throws Exception {
        Pattern pending = Pattern.compile("(?m)^tickcast_log_pending_bytes\\S* (\\S+)$");
        URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            String text = client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher found = pending.matcher(text);
            assertTrue(found.find(), text);
            if (Double.parseDouble(found.group(1)) == 0) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("the store did not catch up");
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private long tradesStored(Map<String, Object> of) {
        Settings settings = Settings.of(NodeConfig.load(ConfigFactory.parseMap(of)));
        try (Archive archive = Stores.openReady(settings, SOURCE)) {
            long trades = 0;
            for (Symbol symbol : load.symbols()) {
                trades +=
                        archive
                                .candles(symbol, Page.all(Instant.MIN, Instant.MAX))
                                .toCompletableFuture()
                                .join()
                                .stream()
                                .mapToLong(Candle::trades)
                                .sum();
            }
            return trades;
        }
    }

    /** Others write into the topic. */
    private record SilentFeed(List<Symbol> symbols) implements TradeFeed {

        @Override
        public MarketSource source() {
            return SOURCE;
        }

        @Override
        public CompletionStage<Instant> prepare(Archive archive) {
            return CompletableFuture.completedStage(START);
        }

        @Override
        public Source<FeedEvent, NotUsed> events(Instant from) {
            return Source.<FeedEvent>maybe().mapMaterializedValue(later -> NotUsed.getInstance());
        }
    }
}
