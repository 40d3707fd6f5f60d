package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tickcast.actors.market.Market;
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

/** One partition with a market that works and one that does not, or dies. */
@Timeout(60)
class StuckMarketTest {

    private static final KafkaSettings SETTINGS = KafkaTopicsTest.settings("stuck", 1);
    private static final Symbol GOOD = Symbol.parse("AAA/USD");
    private static final Symbol BAD = Symbol.parse("BBB/USD");
    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final IngestSettings QUICK = new IngestSettings(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            2,
            Duration.ofMillis(5),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1));

    private final ActorTestKit kit =
            ActorTestKit.create("stuck", ConfigFactory.parseString("""
                            akka.actor.provider = cluster
                            akka.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                            akka.cluster.jmx.enabled = off
                            akka.coordinated-shutdown.exit-jvm = off
                            akka.loglevel = WARNING
                            akka.log-dead-letters = off
                            """).withFallback(ConfigFactory.load()));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BlockingQueue<Instant> closed = new LinkedBlockingQueue<>();
    /** What the other market hears; tests answer for it. */
    private final BlockingQueue<Market.Command> heard = new LinkedBlockingQueue<>();

    private final KafkaWatch watch = KafkaWatch.start(kit.system(), SETTINGS, meters, InstantSource.system());
    private final RecordWriter writer = new RecordWriter(SETTINGS, "stuck", meters);
    private MarketAsks asks;
    private KafkaIngest ingest;
    private int minutes;

    @BeforeEach
    void start() {
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        ActorRef<Market.Command> good = kit.spawn(answering());
        ActorRef<Market.Command> bad = kit.spawn(Behaviors.receiveMessage(message -> {
            heard.add(message);
            return Behaviors.same();
        }));
        IngestMetrics metrics = new IngestMetrics(meters);
        this.asks = new MarketAsks(kit.system(), symbol -> symbol.equals(GOOD) ? good : bad, QUICK, metrics);
        RejectedRecords rejected =
                new RejectedRecords(writer, SETTINGS.name(BusTopic.REJECTED), meters, InstantSource.system());
        this.ingest = KafkaIngest.start(
                kit.system(),
                SETTINGS,
                MarketSource.TOPIC,
                Set.of(GOOD, BAD),
                new KafkaIngest.Partners(asks, rejected, watch, metrics),
                meters,
                QUICK,
                InstantSource.system());
    }

    @AfterEach
    void stop() throws Exception {
        ingest.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
        watch.close();
        writer.close();
        kit.shutdownTestKit();
    }

    private Behavior<Market.Command> answering() {
        return Behaviors.receive(Market.Command.class)
                .onMessage(Market.RecordTrades.class, request -> {
                    request.replyTo().tell(new Market.Recorded(0, 0, 1));
                    return Behaviors.same();
                })
                .onMessage(Market.CloseMinute.class, request -> {
                    closed.add(request.closeTime());
                    request.replyTo().tell(new Market.Closed(request.closeTime(), true, 1));
                    return Behaviors.same();
                })
                .build();
    }

    /** A trade of either symbol, and the end of its minute. Returns the close time. */
    private Instant publishMinute() throws Exception {
        Instant open = START.plusSeconds(60L * minutes++);
        Instant end = open.plusSeconds(60);
        List<ProducerRecord<String, byte[]>> rows = new ArrayList<>();
        for (Symbol symbol : List.of(GOOD, BAD)) {
            Trade trade = new Trade(symbol, minutes, Times.micros(open), 1, 1, Side.BUY);
            rows.add(row(new MarketRecord.Trades(symbol, List.of(trade))));
            rows.add(row(new MarketRecord.Minute(symbol, end, Coverage.SEEN, true, Pace.EVENT, Optional.empty())));
        }
        writer.write(rows).toCompletableFuture().get(20, TimeUnit.SECONDS);
        return end;
    }

    private static ProducerRecord<String, byte[]> row(MarketRecord fact) {
        byte[] value = MarketRecordCodec.encode(new Stamped<>(fact, MarketSource.TOPIC.key(), 0));
        return new ProducerRecord<>(
                SETTINGS.name(BusTopic.TRADES), fact.symbol().name(), value);
    }

    private void awaitClosed(Instant end) throws InterruptedException {
        Instant next = closed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        while (!end.equals(next)) {
            assertTrue(next != null, "waited in vain for " + end);
            next = closed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private <C extends Market.Command> C expect(Class<C> type) throws InterruptedException {
        return assertInstanceOf(type, heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private static void assertTrade(int id, Market.RecordTrades request) {
        assertEquals(id, request.trades().get(0).id());
    }

    @Test
    void shouldGoOnWithoutAStuckMarketAndTellItEverythingWhenItIsBackOrStartedAgain() throws Exception {
        publishMinute();
        assertTrade(1, expect(Market.RecordTrades.class));
        assertTrade(1, expect(Market.RecordTrades.class));
        for (int i = 0; i < 8; i++) {
            awaitClosed(publishMinute());
        }
        assertEquals(Set.of(BAD), asks.stragglers().leftOut());

        Market.ReviseCandles knock = knocked();
        knock.replyTo().tell(new Market.Revised(0));
        Market.RecordTrades fromTheBeginning = afterwards();
        assertTrade(1, fromTheBeginning);

        fromTheBeginning.replyTo().tell(new Market.Recorded(0, 0, 7));
        Market.CloseMinute close = expect(Market.CloseMinute.class);
        assertEquals(7, close.life());
        assertEquals(Set.of(), asks.stragglers().leftOut());
        close.replyTo().tell(new Market.Closed(close.closeTime(), false, 8));
        Market.RecordTrades again = expect(Market.RecordTrades.class);
        assertTrade(1, again);
        again.replyTo().tell(new Market.Recorded(0, 0, 8));
        assertEquals(8, expect(Market.CloseMinute.class).life());
    }

    /** Knocking goes with the records. */
    private Market.ReviseCandles knocked() throws Exception {
        while (heard.isEmpty()) {
            awaitClosed(publishMinute());
        }
        return expect(Market.ReviseCandles.class);
    }

    /** The reading begins again with the next record. */
    private Market.RecordTrades afterwards() throws Exception {
        Market.Command next = null;
        while (next == null) {
            publishMinute();
            next = heard.poll(100, TimeUnit.MILLISECONDS);
        }
        return assertInstanceOf(Market.RecordTrades.class, next);
    }
}
