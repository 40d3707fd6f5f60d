package tickcast.streams.exchange;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.stream.javadsl.Source;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;

/** What another node hears of the feed. */
class FeedSingletonTest {

    private static final String ROLE = "feeding";

    private final ActorTestKit feeding = kit(ROLE);
    private final ActorTestKit training = kit("training");

    private static ActorTestKit kit(String role) {
        Config config = ConfigFactory.parseString("""
                        akka.actor.provider = cluster
                        akka.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                        akka.cluster.jmx.enabled = off
                        akka.coordinated-shutdown.exit-jvm = off
                        akka.loglevel = WARNING
                        akka.log-dead-letters = off
                        """)
                .withFallback(ConfigFactory.parseString("akka.cluster.roles = [" + role + "]"));
        return ActorTestKit.create("feed", config.withFallback(ConfigFactory.load()));
    }

    @AfterEach
    void stop() {
        training.shutdownTestKit();
        feeding.shutdownTestKit();
    }

    /** A feed whose past takes until somebody completes it. */
    private record SlowFeed(CompletableFuture<Instant> past) implements TradeFeed {
        @Override
        public MarketSource source() {
            return MarketSource.SIMULATED;
        }

        @Override
        public List<Symbol> symbols() {
            return List.of();
        }

        @Override
        public CompletionStage<Instant> prepare(Archive archive) {
            return past.copy();
        }

        @Override
        public Source<FeedEvent, NotUsed> events(Instant from) {
            return Source.<FeedEvent>maybe().mapMaterializedValue(never -> NotUsed.getInstance());
        }
    }

    private static FeedSingleton singleton(ActorSystem<?> system, TradeFeed feed) {
        return FeedSingleton.init(
                system,
                ROLE,
                () -> Ingest.start(
                        system,
                        feed,
                        new MemoryArchive(),
                        symbol -> {
                            throw new IllegalStateException("nobody is traded");
                        },
                        event -> {},
                        new SimpleMeterRegistry(),
                        IngestSettings.defaults(),
                        InstantSource.system()));
    }

    @Test
    void shouldTellOtherNodesThatThePastIsThere() throws Exception {
        CompletableFuture<Instant> past = new CompletableFuture<>();
        Cluster first = Cluster.get(feeding.system());
        first.manager().tell(Join.create(first.selfMember().address()));
        Cluster.get(training.system())
                .manager()
                .tell(Join.create(first.selfMember().address()));
        FeedSingleton own = singleton(feeding.system(), new SlowFeed(past));
        FeedSingleton elsewhere = singleton(training.system(), new SlowFeed(new CompletableFuture<>()));

        CompletableFuture<Done> heard = elsewhere.prepared().toCompletableFuture();
        assertFalse(heard.isDone());
        past.complete(Instant.EPOCH);

        assertTrue(heard.get(30, TimeUnit.SECONDS) == Done.getInstance());
        own.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
