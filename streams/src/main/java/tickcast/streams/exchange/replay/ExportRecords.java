package tickcast.streams.exchange.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/** The records' fields, named and ordered as the REST interface does. */
final class ExportRecords {

    private final String source;

    ExportRecords(String source) {
        this.source = source;
    }

    /** What records of a kind look like: every field is there, the values mean nothing. */
    Fields example(Export.Kind kind) {
        Symbol symbol = new Symbol("BTC", "USD");
        Prediction prediction = new Prediction(
                symbol,
                source,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                List.of(),
                Double.NaN,
                Prediction.NAIVE,
                "",
                Status.ABSTAINED,
                Reason.WARMING,
                true,
                Double.NaN,
                new double[0]);
        FeatureSchema schema = FeatureSchema.current();
        double[] unknown = new double[schema.size()];
        Arrays.fill(unknown, Double.NaN);
        return switch (kind) {
            case CANDLES -> candle(Candle.missing(symbol, Instant.EPOCH, 1, Instant.EPOCH));
            case FEATURES ->
                features(new FeatureVector(
                        symbol, Instant.EPOCH, Instant.EPOCH, schema.hash(), unknown, Double.NaN, Double.NaN, ""));
            case PREDICTIONS -> prediction(prediction);
            case ERRORS -> error(PredictionError.unscored(prediction, PredictionError.NO_TARGET, Instant.EPOCH));
        };
    }

    Fields candle(Candle candle) {
        Fields fields = new Fields()
                .with("symbol", candle.symbol().name())
                .with("source", source)
                .with("openTime", candle.openTime())
                .with("closeTime", candle.closeTime())
                .with("open", candle.open())
                .with("high", candle.high())
                .with("low", candle.low())
                .with("close", candle.close())
                .with("volume", candle.volume());
        return (candle.trades() < 0 ? fields.without("trades") : fields.with("trades", candle.trades()))
                .with("quality", candle.quality().name())
                .with("revision", candle.revision());
    }

    Fields features(FeatureVector vector) {
        FeatureSchema schema = FeatureSchema.current();
        boolean named = vector.schemaHash().equals(schema.hash()) && vector.values().length == schema.size();
        Fields values = new Fields();
        for (int i = 0; i < vector.values().length; i++) {
            values.with(named ? schema.names().get(i) : "f" + i, vector.values()[i]);
        }
        return new Fields()
                .with("symbol", vector.symbol().name())
                .with("source", source)
                .with("asOf", vector.asOf())
                .with("knownAt", vector.knownAt())
                .with("schemaId", named ? Optional.of(schema.id()) : Optional.<String>empty())
                .with("schemaHash", vector.schemaHash())
                .with("lastPrice", vector.lastPrice())
                .with("volatility", vector.volatility())
                .with("missingSymbols", missing(vector))
                .with("values", values);
    }

    private static List<String> missing(FeatureVector vector) {
        return vector.missing().isEmpty() ? List.of() : List.of(vector.missing().split(","));
    }

    Fields prediction(Prediction prediction) {
        return head(prediction)
                .with("lastPrice", prediction.lastPrice())
                .with("predictedPrice", prediction.predictedPrice())
                .with("expectedReturn", prediction.expectedReturn())
                .with(
                        "intervals",
                        prediction.intervals().stream()
                                .map(ExportRecords::bounds)
                                .toList())
                .with("probabilityUp", prediction.probabilityUp())
                .with("modelVersion", prediction.modelVersion())
                .with("schemaHash", prediction.schemaHash())
                .with("status", prediction.status().name())
                .with("reason", Optional.ofNullable(prediction.reason()).map(Enum::name));
    }

    Fields error(PredictionError error) {
        Prediction prediction = error.prediction();
        List<Fields> intervals = new ArrayList<>();
        for (int i = 0; i < prediction.intervals().size(); i++) {
            Fields bounds = bounds(prediction.intervals().get(i));
            intervals.add(
                    i < error.inside().size()
                            ? bounds.with("inside", error.inside().get(i).booleanValue())
                            : bounds.without("inside"));
        }
        return head(prediction)
                .with("maturedAt", error.maturedAt())
                .with("modelVersion", prediction.modelVersion())
                .with("status", prediction.status().name())
                .with("statusReason", Optional.ofNullable(prediction.reason()).map(Enum::name))
                .with("scored", error.scored())
                .with("reason", Optional.ofNullable(error.unscoredReason()))
                .with("lastPrice", prediction.lastPrice())
                .with("predictedPrice", prediction.predictedPrice())
                .with("actualPrice", error.actualPrice())
                .with("error", error.error())
                .with("naiveError", error.naiveError())
                .with("intervals", intervals)
                .with("probabilityUp", prediction.probabilityUp());
    }

    private static Fields head(Prediction prediction) {
        return new Fields()
                .with("id", prediction.id())
                .with("symbol", prediction.symbol().name())
                .with("source", prediction.source())
                .with("asOf", prediction.asOf())
                .with("madeAt", prediction.madeAt())
                .with("targetTime", prediction.targetTime());
    }

    private static Fields bounds(Interval interval) {
        return new Fields()
                .with("coverage", interval.coverage())
                .with("low", interval.low())
                .with("high", interval.high());
    }
}
