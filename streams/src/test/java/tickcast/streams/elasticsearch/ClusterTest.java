package tickcast.streams.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tickcast.model.archive.Archive.ArchiveUnavailable;

@Timeout(60)
class ClusterTest {

    private static Cluster to(String url, Duration requestTimeout) {
        return new Cluster(
                new ElasticsearchSettings(
                        List.of(URI.create(url)),
                        Optional.empty(),
                        Optional.empty(),
                        "cluster",
                        requestTimeout,
                        Duration.ofMillis(1)),
                () -> {});
    }

    private static Throwable failureOf(CompletableFuture<?> answer) {
        return Cluster.cause(assertThrows(ExecutionException.class, () -> answer.get(30, TimeUnit.SECONDS))
                .getCause());
    }

    @Test
    void shouldRefuseWhatComesBeyondItsBound() throws Exception {
        try (Cluster cluster = to("http://127.0.0.1:1", Duration.ofSeconds(1))) {
            List<CompletableFuture<String>> silent = new ArrayList<>();
            List<CompletableFuture<String>> waiting = new ArrayList<>();
            for (int i = 0; i < Cluster.MOST_UNDER_WAY; i++) {
                CompletableFuture<String> answer = new CompletableFuture<>();
                silent.add(answer);
                waiting.add(cluster.call(() -> answer));
            }
            CompletableFuture<String> beyond = cluster.call(() -> CompletableFuture.completedFuture("asked"));
            assertEquals(ArchiveUnavailable.class, failureOf(beyond).getClass());
            assertFalse(waiting.get(0).isDone());

            silent.get(0).complete("late");

            assertEquals("late", waiting.get(0).get());
            assertEquals(
                    "asked",
                    cluster.call(() -> CompletableFuture.completedFuture("asked"))
                            .get());
        }
    }

    @Test
    void shouldWaitForAConnectionNoLongerThanForAnAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
                Cluster cluster = to("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofSeconds(1))) {
            long start = System.nanoTime();
            List<CompletableFuture<?>> answers = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                answers.add(cluster.call(() -> cluster.client().count()));
            }
            answers.forEach(answer ->
                    assertEquals(ArchiveUnavailable.class, failureOf(answer).getClass()));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(Duration.ofSeconds(6)) < 0, "ten rounds over 16 connections: " + took);
        }
    }

    @Test
    void shouldAnswerWhoPausesWhenItIsClosed() {
        Cluster cluster = to("http://127.0.0.1:1", Duration.ofSeconds(1));
        CompletableFuture<Void> pause = cluster.later(Duration.ofHours(1));

        cluster.close();

        assertEquals(ArchiveUnavailable.class, failureOf(pause).getClass());
        assertEquals(
                ArchiveUnavailable.class,
                failureOf(cluster.later(Duration.ZERO)).getClass());
        CompletableFuture<?> after = cluster.call(() -> cluster.client().count());
        assertEquals(ArchiveUnavailable.class, failureOf(after).getClass());
    }
}
