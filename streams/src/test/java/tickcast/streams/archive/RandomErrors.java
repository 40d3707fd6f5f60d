package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import tickcast.model.evaluation.ErrorSums;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Symbol;

/** Errors of all sorts: published and shadows, unscored, of unknown or no volatility, without a direction. */
final class RandomErrors {

    private final Random random = new Random(3);

    /** Two versions of each symbol and minute. */
    List<PredictionError> of(List<Symbol> symbols, int fromMinute, int toMinute) {
        List<PredictionError> errors = new ArrayList<>();
        for (Symbol symbol : symbols) {
            for (int minute = fromMinute; minute < toMinute; minute++) {
                errors.add(error(Records.live(symbol, minute, "17")));
                errors.add(error(Records.shadow(symbol, minute, random.nextInt(9) == 0 ? "15" : "16")));
            }
        }
        return errors;
    }

    /** One version's of one symbol. */
    List<PredictionError> published(Symbol symbol, int fromMinute, int toMinute) {
        return IntStream.range(fromMinute, toMinute)
                .mapToObj(minute -> error(Records.live(symbol, minute, "17")))
                .toList();
    }

    private PredictionError error(Prediction like) {
        double last = 100 + random.nextDouble();
        double predicted = random.nextInt(10) == 0 ? last : last + random.nextGaussian();
        double width = random.nextDouble();
        Prediction prediction = new Prediction(
                like.symbol(),
                like.source(),
                like.asOf(),
                like.madeAt(),
                like.targetTime(),
                last,
                predicted,
                predicted / last - 1,
                List.of(
                        new Interval(0.8, predicted - width, predicted + width),
                        new Interval(0.95, predicted - 2 * width, predicted + 3 * width)),
                0.5,
                like.modelVersion(),
                like.schemaHash(),
                like.status(),
                like.reason(),
                like.published(),
                switch (random.nextInt(20)) {
                    case 0 -> 0;
                    case 1 -> Double.NaN;
                    default -> 0.0003 + random.nextDouble();
                },
                like.calibration());
        return random.nextInt(15) == 0
                ? PredictionError.unscored(prediction, PredictionError.NO_TARGET, prediction.targetTime())
                : Records.error(prediction, random.nextInt(10) == 0 ? last : last + random.nextGaussian());
    }

    static void assertSame(ErrorTotals expected, ErrorTotals actual) {
        assertEquals(expected.newest(), actual.newest());
        assertEquals(expected.newestPublished(), actual.newestPublished());
        assertEquals(expected.sums().size(), actual.sums().size());
        for (int i = 0; i < expected.sums().size(); i++) {
            ErrorSums theirs = actual.sums().get(i);
            assertEquals(counted(expected.sums().get(i), theirs), counted(theirs, theirs));
            assertEquals(expected.sums().get(i).error(), theirs.error(), 1e-9 * theirs.error());
            assertEquals(expected.sums().get(i).naiveError(), theirs.naiveError(), 1e-9 * theirs.naiveError());
        }
    }

    /** Without the sums that depend on the order. */
    private static ErrorSums counted(ErrorSums sums, ErrorSums like) {
        List<ErrorSums.Band> bands = new ArrayList<>();
        for (int i = 0; i < sums.bands().size(); i++) {
            ErrorSums.Band band = sums.bands().get(i);
            double width = like.bands().get(i).width();
            assertEquals(band.width(), width, 1e-9 * width);
            bands.add(new ErrorSums.Band(band.coverage(), band.count(), band.inside(), width));
        }
        return new ErrorSums(
                sums.modelVersion(),
                sums.published(),
                sums.asOf(),
                sums.targetTime(),
                sums.count(),
                sums.unscored(),
                like.error(),
                like.naiveError(),
                sums.directions(),
                sums.directionHits(),
                bands);
    }
}
