package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.Times;
import tickcast.model.registry.ModelState;

/** A store that is away when the node starts is read when it is back. */
class LateSeedTest {

    private static final Subject CANDLES = new Subject(Channel.CANDLES, "BTC/USD");
    private static final long NOON = Times.epochMinute(Sample.NOON);

    private final MemoryArchive archive = new MemoryArchive();
    private final MemoryModels models = new MemoryModels(Sample.card("2", ModelState.CHAMPION));
    private final MarketState state = new MarketState(Sample.NOON);
    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "late-seed",
            ConfigFactory.parseString("akka.loglevel = ERROR").withFallback(ConfigFactory.load()));
    private final Client client = new Client();
    private ActorRef<Topic.Command<Published>> topic;

    @AfterEach
    void stop() {
        system.terminate();
    }

    private ActorRef<PushHub.Command> hub(Duration patience) {
        topic = system.systemActorOf(Topic.create(Published.class, "published"), "published", Props.empty());
        ApiSettings settings = TestServer.settings();
        Records records = new Records(settings.source(), settings.schema());
        Seed.Reader seeds = new Seed.Reader(settings.symbols(), archive, models, ForkJoinPool.commonPool());
        return system.systemActorOf(
                PushHub.create(state, records, seeds, topic, InstantSource.fixed(Sample.NOON), patience),
                "hub",
                Props.empty());
    }

    /** Keeps what it is told. */
    private static final class Client implements PushClient {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void subscribed(Map<Subject, PushMessage> newest) {
            heard.add("snapshot " + newest.get(CANDLES).seq());
        }

        @Override
        public void deliver(List<PushMessage> messages) {
            messages.forEach(message -> heard.add("update " + message.seq()));
        }

        @Override
        public void goAway() {}

        private String next() throws InterruptedException {
            return heard.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldReadWhatWasStoredOnceTheStoreIsBack() throws InterruptedException {
        archive.writeCandles(List.of(Sample.candle(Sample.BTC, 1)));
        archive.failWith(new ArchiveUnavailable("away", null));
        ActorRef<PushHub.Command> hub = hub(Duration.ofSeconds(30));
        hub.tell(new PushHub.Subscribe(client, List.of(CANDLES)));
        archive.awaitRefusal();
        archive.heal();

        assertEquals("snapshot " + NOON, client.next());
        assertEquals(Sample.candle(Sample.BTC, 1).closeTime(), state.marketTime());
    }

    @Test
    void shouldTellWhatWasStoredToWhoeverCouldNotWaitForIt() throws InterruptedException {
        archive.writeCandles(List.of(Sample.candle(Sample.BTC, 1)));
        archive.failWith(new ArchiveUnavailable("away", null));
        ActorRef<PushHub.Command> hub = hub(Duration.ofMillis(10));
        hub.tell(new PushHub.Subscribe(client, List.of(CANDLES)));

        assertEquals("snapshot 0", client.next());
        archive.heal();
        assertEquals("update " + NOON, client.next());
        topic.tell(Topic.publish(new Published.CandleClosed(Sample.candle(Sample.BTC, 1))));
        topic.tell(Topic.publish(new Published.CandleClosed(Sample.candle(Sample.BTC, 2))));
        assertEquals("update " + (NOON + 1), client.next());
    }

    @Test
    void shouldNotTellWhatIsOlderThanWhatWasHeard() throws InterruptedException {
        archive.writeCandles(List.of(Sample.candle(Sample.BTC, 1)));
        archive.failWith(new ArchiveUnavailable("away", null));
        ActorRef<PushHub.Command> hub = hub(Duration.ofMillis(10));
        hub.tell(new PushHub.Subscribe(client, List.of(CANDLES, new Subject(Channel.ERRORS, "BTC/USD"))));
        assertEquals("snapshot 0", client.next());

        archive.writeErrors(List.of(Sample.error(Sample.prediction(Sample.BTC, 0), 64001)));
        topic.tell(Topic.publish(new Published.CandleClosed(Sample.candle(Sample.BTC, 2))));
        assertEquals("update " + (NOON + 1), client.next());
        archive.heal();
        assertEquals(
                "update " + (NOON + 5), client.next(), "the stored error, and not the candle before the one heard");
    }
}
