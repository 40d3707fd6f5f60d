package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Retention;

class HousekeepingTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Retention RETENTION = new Retention(
            Duration.ofDays(5), Duration.ofDays(4), Duration.ofDays(3), Duration.ofDays(2), Duration.ofDays(1));

    private final ActorTestKit kit = ActorTestKit.create(
            ManualTime.config().withFallback(ConfigFactory.parseString("akka.actor.provider = local")));
    private final BlockingQueue<List<Object>> asked = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** Takes nothing but orders to delete, and fails. */
    private Archive archive() {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    assertEquals("expire", method.getName());
                    asked.add(List.of(arguments));
                    return CompletableFuture.failedStage(new Archive.ArchiveUnavailable("away", null));
                });
    }

    @Test
    void shouldDeleteInAShortRunTooAndGoOnAfterAFailure() throws InterruptedException {
        Housekeeping.start(kit.system(), archive(), RETENTION, InstantSource.fixed(NOON));
        assertTrue(asked.isEmpty());

        ManualTime time = ManualTime.get(kit.system());
        time.timePasses(Duration.ofMinutes(15));
        assertEquals(List.of(RETENTION, NOON), asked.poll(5, TimeUnit.SECONDS));
        time.timePasses(Duration.ofHours(7));
        assertEquals(List.of(RETENTION, NOON), asked.poll(5, TimeUnit.SECONDS));
    }
}
