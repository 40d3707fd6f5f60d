package tickcast.actors.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tickcast.actors.Scenes.BTC;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.model.evaluation.Duel;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;

class LiveRecordTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final int MINUTES = 600;

    @Test
    void shouldWatchTheInnermostIntervalWhicheverItIs() {
        MemoryArchive archive = new MemoryArchive();
        List<PredictionError> errors = new ArrayList<>();
        for (int i = 0; i < MINUTES; i++) {
            errors.add(error(START.plus(Duration.ofMinutes(i)), i % 4 == 0));
        }
        archive.writeErrors(errors).toCompletableFuture().join();

        LiveRecord live = LiveRecord.read(
                new StoredMarket(archive, List.of(BTC)),
                Duration.ofDays(1),
                START.plus(Duration.ofMinutes(MINUTES + 10)));
        Duel misses = live.misses("1");
        assertEquals(MINUTES, misses.rows());
        assertEquals(0.75, misses.mae(), 1e-9);
        assertEquals(0.4, misses.rivalMae(), 1e-6);
    }

    private static PredictionError error(Instant asOf, boolean inside) {
        Prediction prediction = new Prediction(
                BTC,
                "simulated",
                asOf,
                asOf,
                asOf.plus(Duration.ofMinutes(5)),
                1000,
                1001,
                0.001,
                List.of(new Interval(0.6, 999, 1003), new Interval(0.9, 990, 1010)),
                0.5,
                "1",
                "hash",
                Status.LIVE,
                null,
                true,
                0.0005,
                new double[0]);
        return new PredictionError(prediction, asOf, true, null, 1000, 0, 1, 0.5, List.of(inside, true));
    }
}
