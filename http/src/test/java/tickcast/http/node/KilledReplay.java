package tickcast.http.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A replay whose node is killed again and again at random moments, and started again each time. */
final class KilledReplay {

    private final Node node;
    private final Duration patience;
    private final int mostMicros;

    /** Starts the node, on the same data each time. */
    @FunctionalInterface
    interface Node {
        ChildNode start() throws Exception;
    }

    /** Something that takes its time. */
    @FunctionalInterface
    interface Wait {
        void await() throws Exception;
    }

    /**
     * @param patience for the next sign of life
     * @param mostMicros how long after a minute's candle was heard of a kill may come
     */
    KilledReplay(Node node, Duration patience, int mostMicros) {
        this.node = node;
        this.patience = patience;
        this.mostMicros = mostMicros;
    }

    /**
     * Kills in {@code kills} minutes of the replay, then lets it come to its end.
     *
     * @param beforeTheEnd what the last node must live to see after it has come to the end
     */
    void play(Instant start, Duration length, int kills, Random random, Wait beforeTheEnd) throws Exception {
        long[] minutes = random.longs(kills, 5, length.toMinutes() - 5).sorted().toArray();
        for (long minute : minutes) {
            playUntilKilled(start.plus(Duration.ofMinutes(minute)), random);
        }
        try (ChildNode last = node.start();
                Stream stream = Stream.open(last.port())) {
            stream.subscribe("status");
            awaitEnd(stream);
            beforeTheEnd.await();
        }
    }

    private void playUntilKilled(Instant openTime, Random random) throws Exception {
        try (ChildNode killed = node.start();
                Stream stream = Stream.open(killed.port())) {
            stream.subscribe("candles");
            awaitCandle(stream, openTime);
            long until = System.nanoTime() + 1000L * random.nextInt(mostMicros);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            killed.kill();
        }
    }

    /** Comes back at once when the replay had passed it before the stream was open. */
    private void awaitCandle(Stream stream, Instant openTime) throws InterruptedException {
        while (true) {
            for (JsonNode candle : stream.next(patience).path("data")) {
                if (!Instant.parse(candle.path("openTime").asText()).isBefore(openTime)) {
                    return;
                }
            }
        }
    }

    private void awaitEnd(Stream stream) throws InterruptedException {
        while (true) {
            for (JsonNode status : stream.next(patience).path("data")) {
                if (status.path("feed").path("state").asText().equals("ENDED")) {
                    return;
                }
            }
        }
    }
}
