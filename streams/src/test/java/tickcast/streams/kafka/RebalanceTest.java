package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tickcast.actors.market.Market;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Pace;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.IngestMetrics;
import tickcast.streams.exchange.IngestSettings;
import tickcast.streams.exchange.MarketAsks;
import tickcast.streams.record.MarketRecord;
import tickcast.streams.record.MarketRecordCodec;
import tickcast.streams.record.Stamped;

/** Two nodes share the partitions; markets live where theirs is read, and no trade is lost when a node comes or goes. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RebalanceTest {

    private static final KafkaSettings SETTINGS = KafkaTopicsTest.settings("rebalance", 4);
    private static final List<Symbol> SYMBOLS = List.of("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH").stream()
            .map(base -> Symbol.parse(base + "/USD"))
            .toList();
    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

    /** Ids of the trades that each symbol's market was given, with the node that held it. */
    private record Given(String node, long id) {}

    private final Map<Symbol, Queue<Given>> given = new ConcurrentHashMap<>();
    /** The ends of minutes that markets were given. */
    private final Map<Symbol, Set<Instant>> closed = new ConcurrentHashMap<>();

    private final BlockingQueue<Symbol> arrivals = new LinkedBlockingQueue<>();
    private long nextId = 1;
    private long publishedAt = System.nanoTime();

    private final class Node implements AutoCloseable {
        private final String name;
        private final ActorSystem<Void> system;
        private final KafkaWatch watch;
        private final RecordWriter writer;
        private final KafkaIngest ingest;
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        /** Trades and ends of minutes that this node's markets were given. */
        private final AtomicLong taken = new AtomicLong();

        Node(String name, List<Node> others) {
            this.name = name;
            this.system = ActorSystem.create(
                    Behaviors.empty(),
                    "rebalance",
                    ConfigFactory.parseString("""
                                    akka.actor.provider = cluster
                                    akka.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                                    akka.cluster.downing-provider-class = "akka.cluster.sbr.SplitBrainResolverProvider"
                                    akka.cluster.jmx.enabled = off
                                    akka.cluster.sharding.rebalance-interval = 1s
                                    """).withFallback(ConfigFactory.load()));
            Cluster cluster = Cluster.get(system);
            Cluster first = others.isEmpty() ? cluster : Cluster.get(others.get(0).system);
            cluster.manager().tell(Join.create(first.selfMember().address()));
            ClusterSharding sharding = ClusterSharding.get(system);
            sharding.init(MarketPlacement.of(system, SETTINGS)
                    .apply(Entity.of(Market.TYPE_KEY, context -> market(Symbol.parse(context.getEntityId())))
                            .withStopMessage(new Market.Stop())));
            this.watch = KafkaWatch.start(system, SETTINGS, meters, InstantSource.system());
            this.writer = new RecordWriter(SETTINGS, "test-" + name, meters);
            IngestMetrics metrics = new IngestMetrics(meters);
            IngestSettings patience = IngestSettings.defaults();
            MarketAsks asks = new MarketAsks(system, symbol -> Market.of(sharding, symbol), patience, metrics);
            RejectedRecords rejected =
                    new RejectedRecords(writer, SETTINGS.name(BusTopic.REJECTED), meters, InstantSource.system());
            this.ingest = KafkaIngest.start(
                    system,
                    SETTINGS,
                    MarketSource.TOPIC,
                    Set.copyOf(SYMBOLS),
                    new KafkaIngest.Partners(asks, rejected, watch, metrics),
                    meters,
                    patience,
                    InstantSource.system());
        }

        /** Takes note of what it is given, and where. */
        private Behavior<Market.Command> market(Symbol symbol) {
            long life = System.nanoTime();
            return Behaviors.receive(Market.Command.class)
                    .onMessage(Market.RecordTrades.class, request -> {
                        Queue<Given> all = given.computeIfAbsent(symbol, none -> new ConcurrentLinkedQueue<>());
                        request.trades().forEach(trade -> all.add(new Given(name, trade.id())));
                        taken.addAndGet(request.trades().size());
                        arrivals.add(symbol);
                        request.replyTo().tell(new Market.Recorded(0, 0, life));
                        return Behaviors.same();
                    })
                    .onMessage(Market.CloseMinute.class, request -> {
                        closed.computeIfAbsent(symbol, none -> ConcurrentHashMap.newKeySet())
                                .add(request.closeTime());
                        taken.incrementAndGet();
                        arrivals.add(symbol);
                        request.replyTo().tell(new Market.Closed(request.closeTime(), true, life));
                        return Behaviors.same();
                    })
                    .onMessage(Market.Stop.class, stop -> Behaviors.stopped())
                    .build();
        }

        double consumed() {
            return meters.counter("tickcast.kafka.consumed.records").count();
        }

        @Override
        public void close() {
            done(ingest.stop());
            watch.close();
            writer.close();
            system.terminate();
            done(system.getWhenTerminated());
        }
    }

    private static void done(CompletionStage<?> stage) {
        stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void shouldHoldMarketsWhereTheirPartitionIsReadAndLoseNothing() throws Exception {
        try (Node one = new Node("one", List.of())) {
            one.watch.topicsReady().toCompletableFuture().get(30, TimeUnit.SECONDS);
            publish(one, 20);
            await(() -> allArrived(), "what one node reads");
            assertEquals(Set.of("one"), holders(0));
            try (Node two = new Node("two", List.of(one))) {
                await(
                        () -> {
                            publishNowAndThen(one);
                            return two.consumed() > 0 && holders(nextId - 3).contains("two");
                        },
                        "the second node takes over some");
                await(() -> allArrived(), "what two nodes read");
                long from = nextId;
                double before = two.consumed();
                long takenBefore = two.taken.get();
                publish(one, 20);
                await(() -> allArrived(), "what two nodes read after the change");
                assertEquals(
                        two.consumed() - before,
                        two.taken.get() - takenBefore,
                        "what a node reads its own markets take");
                long onTwo = given.values().stream()
                        .flatMap(Queue::stream)
                        .filter(each -> each.id() >= from && each.node().equals("two"))
                        .count();
                assertTrue(onTwo > 0 && onTwo < 20L * SYMBOLS.size(), onTwo + " of the trades went to the second node");
            }
            publish(one, 20);
            await(() -> allArrived(), "what is left to one node");
        }
        given.forEach((symbol, all) -> assertInOrder(symbol, all));
    }

    private void publishNowAndThen(Node node) {
        if (System.nanoTime() - publishedAt > TimeUnit.MILLISECONDS.toNanos(100)) {
            publish(node, 1);
        }
    }

    /** In each round one minute of every symbol: a trade and the minute's end. So what is committed moves on. */
    private void publish(Node node, int rounds) {
        List<ProducerRecord<String, byte[]>> rows = new ArrayList<>();
        for (int i = 0; i < rounds; i++, nextId++) {
            Instant open = START.plus(Duration.ofMinutes(nextId));
            for (Symbol symbol : SYMBOLS) {
                Trade trade = new Trade(symbol, nextId, Times.micros(open) + 1, 1, 1, Side.BUY);
                rows.add(row(new MarketRecord.Trades(symbol, List.of(trade))));
                rows.add(row(new MarketRecord.Minute(
                        symbol, open.plus(Candle.INTERVAL), Coverage.SEEN, true, Pace.EVENT, Optional.empty())));
            }
        }
        done(node.writer.write(rows));
        publishedAt = System.nanoTime();
    }

    private static ProducerRecord<String, byte[]> row(MarketRecord fact) {
        byte[] value = MarketRecordCodec.encode(new Stamped<>(fact, MarketSource.TOPIC.key(), 0));
        return new ProducerRecord<>(
                SETTINGS.name(BusTopic.TRADES), fact.symbol().name(), value);
    }

    private boolean allArrived() {
        return SYMBOLS.stream().allMatch(symbol -> {
            Set<Long> ids = new HashSet<>();
            given.getOrDefault(symbol, new ConcurrentLinkedQueue<>()).forEach(each -> ids.add(each.id()));
            return ids.size() == nextId - 1
                    && closed.getOrDefault(symbol, Set.of()).size() == nextId - 1;
        });
    }

    private Set<String> holders(long fromId) {
        Set<String> nodes = new HashSet<>();
        given.values()
                .forEach(all ->
                        all.stream().filter(each -> each.id() >= fromId).forEach(each -> nodes.add(each.node())));
        return nodes;
    }

    /** Some may come again after a change, but never one before its predecessor had come. */
    private static void assertInOrder(Symbol symbol, Queue<Given> all) {
        long highest = 0;
        for (Given each : all) {
            assertTrue(each.id() <= highest + 1, symbol + ": " + each + " came before " + (highest + 1));
            highest = Math.max(highest, each.id());
        }
    }

    private void await(BooleanSupplier condition, String what) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain for " + what);
            arrivals.poll(100, TimeUnit.MILLISECONDS);
        }
    }
}
