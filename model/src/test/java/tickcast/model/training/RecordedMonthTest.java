package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.registry.TrainedModel;

/** The whole way on a recorded month of four symbols: candles, features, training, walk-forward. */
@Tag("drill")
class RecordedMonthTest {

    private static final Logger LOG = LoggerFactory.getLogger(RecordedMonthTest.class);
    private static final String WINDOW = System.getProperty("window", "2024-01");

    @Test
    void shouldTrainOnARecordedMonth() throws IOException {
        MarketHistory history = RecordedHistory.read(WINDOW);
        long begun = System.nanoTime();
        TrainingSet set = new TrainingSetBuilder(5, ServedVectors.NONE).build(history, history.to(), Progress.SILENT);
        long built = System.nanoTime();
        TrainedModel model = new ModelTrainer(TrainingSettings.defaults(5))
                .train(set, "replay", Instant.EPOCH, (phase, share) -> LOG.info("{} {}", phase, share));
        long trained = System.nanoTime();

        LOG.info(
                "{} rows, {} of {} features; features {} s, training {} s; {}",
                set.rows(),
                model.card().features().size(),
                set.features().size(),
                (built - begun) / 1e9,
                (trained - built) / 1e9,
                model.card().metrics());
        assertTrue((trained - built) / 1e9 < 60, "training takes too long");
    }

    @Test
    void shouldHoldInAWalkForward() throws IOException {
        BacktestReport report = new Backtest(BacktestSettings.defaults(5), "replay", System::nanoTime)
                .run(RecordedHistory.read(WINDOW), Progress.SILENT);

        LOG.info("{}\n{}", report.toJson(), report.toTable());
        assertTrue(report.joint().get("maeRatioScaled") < 1);
        assertTrue(report.joint().get("directionAccuracy") < 0.56, "too good: leakage until disproved");
    }
}
