package tickcast.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;

/**
 * How good forecasts were, against the forecast "the price stays as it is".
 *
 * <p>skill = 1 − Σ|error| / Σ|naive error|. Its 95 % interval: delta method for a ratio of means, with the variance of
 * the residuals |e| − ratio·|n| summed by minute (symbols of one minute move together) and Bartlett weights over the
 * following minutes (forecasts of neighbouring minutes overlap). Newey and West (1987).
 *
 * @param outcomes scored errors, in any order
 * @param relative whether errors are in basis points of the last price, so that symbols can be pooled
 */
record Score(Collection<PredictionError> outcomes, boolean relative) {

    private static final double NORMAL_95 = 1.959963984540054;
    private static final int LAGS = 10;
    private static final int FEWEST_MINUTES = 30;
    private static final double BASIS_POINTS = 10_000;

    void writeTo(JsonGenerator out) throws IOException {
        double mae = mean(outcomes, error -> Math.abs(error.error()) * scale(error));
        double naiveMae = mean(outcomes, error -> Math.abs(error.naiveError()) * scale(error));
        double margin = NORMAL_95 * standardError(mae / naiveMae);
        double skill = 1 - mae / naiveMae;
        out.writeNumberField("count", outcomes.size());
        Json.number(out, "mae", mae);
        Json.number(out, "naiveMae", naiveMae);
        Json.number(out, "skill", skill);
        Json.number(out, "skillLow", skill - margin);
        Json.number(out, "skillHigh", skill + margin);
        List<PredictionError> moved =
                outcomes.stream().filter(Score::tellsDirection).toList();
        out.writeNumberField("directionCount", moved.size());
        Json.number(out, "directionAccuracy", mean(moved, error -> isRight(error) ? 1 : 0));
        writeIntervals(out);
    }

    private void writeIntervals(JsonGenerator out) throws IOException {
        record Seen(double width, boolean inside) {}
        Map<Double, List<Seen>> byCoverage = new TreeMap<>();
        for (PredictionError error : outcomes) {
            List<Interval> intervals = error.prediction().intervals();
            for (int i = 0; i < Math.min(intervals.size(), error.inside().size()); i++) {
                Interval interval = intervals.get(i);
                double width = (interval.high() - interval.low()) * scale(error);
                byCoverage
                        .computeIfAbsent(interval.coverage(), coverage -> new java.util.ArrayList<>())
                        .add(new Seen(width, error.inside().get(i)));
            }
        }
        out.writeArrayFieldStart("intervals");
        for (Map.Entry<Double, List<Seen>> entry : byCoverage.entrySet()) {
            out.writeStartObject();
            Json.number(out, "coverage", entry.getKey());
            Json.number(out, "observed", mean(entry.getValue(), seen -> seen.inside() ? 1 : 0));
            Json.number(out, "width", mean(entry.getValue(), Seen::width));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private double scale(PredictionError error) {
        return relative ? BASIS_POINTS / error.prediction().lastPrice() : 1;
    }

    private static boolean tellsDirection(PredictionError error) {
        return error.naiveError() != 0
                && error.prediction().predictedPrice() != error.prediction().lastPrice();
    }

    /** Predicted and actual move have the same sign: naive error = last − actual. */
    private static boolean isRight(PredictionError error) {
        Prediction prediction = error.prediction();
        return (prediction.predictedPrice() > prediction.lastPrice()) == (error.naiveError() < 0);
    }

    private static <T> double mean(Collection<T> items, ToDoubleFunction<T> value) {
        return items.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    /** Of the ratio of the two mean errors; NaN with too little evidence. */
    private double standardError(double ratio) {
        TreeMap<Long, double[]> byMinute = new TreeMap<>();
        for (PredictionError error : outcomes) {
            double[] sums = byMinute.computeIfAbsent(PushMessages.seq(error), minute -> new double[2]);
            sums[0] += (Math.abs(error.error()) - ratio * Math.abs(error.naiveError())) * scale(error);
            sums[1] += Math.abs(error.naiveError()) * scale(error);
        }
        if (byMinute.size() < FEWEST_MINUTES) {
            return Double.NaN;
        }
        double variance = 0;
        for (Map.Entry<Long, double[]> entry : byMinute.entrySet()) {
            double residual = entry.getValue()[0];
            variance += residual * residual;
            for (int lag = 1; lag <= LAGS; lag++) {
                double[] later = byMinute.get(entry.getKey() + lag);
                double weight = 1 - lag / (LAGS + 1.0);
                variance += later == null ? 0 : 2 * weight * residual * later[0];
            }
        }
        double naive = DoubleStream.of(
                        byMinute.values().stream().mapToDouble(sums -> sums[1]).toArray())
                .sum();
        return Math.sqrt(Math.max(variance, 0)) / naive;
    }
}
