package tickcast.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.sentiment.Sentiment;

/** The records' JSON, one method each, fields in the order of the reference. */
final class Records {

    private final String source;
    private final SchemaNames schema;

    Records(MarketSource source, SchemaNames schema) {
        this.source = source.label();
        this.schema = schema;
    }

    void candle(JsonGenerator out, Candle candle) throws IOException {
        out.writeStartObject();
        out.writeStringField("symbol", candle.symbol().name());
        out.writeStringField("source", source);
        Json.time(out, "openTime", candle.openTime());
        Json.time(out, "closeTime", candle.closeTime());
        Json.number(out, "open", candle.open());
        Json.number(out, "high", candle.high());
        Json.number(out, "low", candle.low());
        Json.number(out, "close", candle.close());
        Json.number(out, "volume", candle.volume());
        if (candle.trades() < 0) {
            out.writeNullField("trades");
        } else {
            out.writeNumberField("trades", candle.trades());
        }
        out.writeStringField("quality", candle.quality().name());
        out.writeNumberField("revision", candle.revision());
        out.writeEndObject();
    }

    void prediction(JsonGenerator out, Prediction prediction) throws IOException {
        out.writeStartObject();
        head(out, prediction);
        Json.number(out, "lastPrice", prediction.lastPrice());
        Json.number(out, "predictedPrice", prediction.predictedPrice());
        Json.number(out, "expectedReturn", prediction.expectedReturn());
        out.writeArrayFieldStart("intervals");
        for (Interval interval : prediction.intervals()) {
            out.writeStartObject();
            bounds(out, interval);
            out.writeEndObject();
        }
        out.writeEndArray();
        Json.number(out, "probabilityUp", prediction.probabilityUp());
        out.writeStringField("modelVersion", prediction.modelVersion());
        out.writeStringField("schemaHash", prediction.schemaHash());
        out.writeStringField("status", prediction.status().name());
        Json.text(out, "reason", prediction.reason());
        out.writeEndObject();
    }

    void error(JsonGenerator out, PredictionError error) throws IOException {
        Prediction prediction = error.prediction();
        out.writeStartObject();
        head(out, prediction);
        Json.time(out, "maturedAt", error.maturedAt());
        out.writeStringField("modelVersion", prediction.modelVersion());
        out.writeStringField("status", prediction.status().name());
        Json.text(out, "statusReason", prediction.reason());
        out.writeBooleanField("scored", error.scored());
        Json.text(out, "reason", error.unscoredReason());
        Json.number(out, "lastPrice", prediction.lastPrice());
        Json.number(out, "predictedPrice", prediction.predictedPrice());
        Json.number(out, "actualPrice", error.actualPrice());
        Json.number(out, "error", error.error());
        Json.number(out, "naiveError", error.naiveError());
        out.writeArrayFieldStart("intervals");
        for (int i = 0; i < prediction.intervals().size(); i++) {
            out.writeStartObject();
            bounds(out, prediction.intervals().get(i));
            if (i < error.inside().size()) {
                out.writeBooleanField("inside", error.inside().get(i));
            } else {
                out.writeNullField("inside");
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        Json.number(out, "probabilityUp", prediction.probabilityUp());
        out.writeEndObject();
    }

    private static void head(JsonGenerator out, Prediction prediction) throws IOException {
        out.writeStringField("id", prediction.id());
        out.writeStringField("symbol", prediction.symbol().name());
        out.writeStringField("source", prediction.source());
        Json.time(out, "asOf", prediction.asOf());
        Json.time(out, "madeAt", prediction.madeAt());
        Json.time(out, "targetTime", prediction.targetTime());
    }

    private static void bounds(JsonGenerator out, Interval interval) throws IOException {
        Json.number(out, "coverage", interval.coverage());
        Json.number(out, "low", interval.low());
        Json.number(out, "high", interval.high());
    }

    void features(JsonGenerator out, FeatureVector vector) throws IOException {
        boolean named = vector.schemaHash().equals(schema.hash())
                && vector.values().length == schema.names().size();
        out.writeStartObject();
        out.writeStringField("symbol", vector.symbol().name());
        out.writeStringField("source", source);
        Json.time(out, "asOf", vector.asOf());
        Json.time(out, "knownAt", vector.knownAt());
        Json.text(out, "schemaId", named ? schema.id() : null);
        out.writeStringField("schemaHash", vector.schemaHash());
        Json.number(out, "lastPrice", vector.lastPrice());
        Json.number(out, "volatility", vector.volatility());
        out.writeArrayFieldStart("missingSymbols");
        for (String missing :
                vector.missing().isEmpty() ? new String[0] : vector.missing().split(",")) {
            out.writeString(missing);
        }
        out.writeEndArray();
        out.writeObjectFieldStart("values");
        for (int i = 0; i < vector.values().length; i++) {
            Json.number(out, named ? schema.names().get(i) : "f" + i, vector.values()[i]);
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    void sentiment(JsonGenerator out, Sentiment sentiment) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", sentiment.newsId());
        out.writeStringField("symbol", sentiment.symbol());
        out.writeStringField("source", source);
        Json.number(out, "score", sentiment.score());
        Json.number(out, "confidence", sentiment.confidence());
        out.writeStringField("scorer", sentiment.scorer());
        out.writeStringField("reason", sentiment.reason());
        out.writeStringField("title", sentiment.title());
        out.writeStringField("link", sentiment.link());
        Json.time(out, "publishedAt", sentiment.publishedAt());
        Json.time(out, "knownAt", sentiment.knownAt());
        out.writeEndObject();
    }

    void model(JsonGenerator out, ModelCard card) throws IOException {
        out.writeStartObject();
        out.writeStringField("version", card.version());
        out.writeStringField("source", source);
        out.writeStringField("state", card.state().name());
        out.writeStringField("stateReason", card.stateReason());
        Json.time(out, "createdAt", card.createdAt());
        Json.time(out, "dataFrom", card.dataFrom());
        Json.time(out, "dataTo", card.dataTo());
        out.writeNumberField("rows", card.rows());
        strings(out, "symbols", card.symbols());
        out.writeStringField("schemaId", card.schemaId());
        out.writeStringField("schemaHash", card.schemaHash());
        strings(out, "features", card.features());
        out.writeNumberField("horizonMinutes", card.horizonMinutes());
        out.writeObjectFieldStart("parameters");
        for (Map.Entry<String, String> parameter : new TreeMap<>(card.parameters()).entrySet()) {
            out.writeStringField(parameter.getKey(), parameter.getValue());
        }
        out.writeEndObject();
        out.writeObjectFieldStart("metrics");
        for (Map.Entry<String, Double> metric : new TreeMap<>(card.metrics()).entrySet()) {
            Json.number(out, metric.getKey(), metric.getValue());
        }
        out.writeEndObject();
        out.writeBooleanField("mayPromote", card.mayPromote());
        out.writeStringField("digest", card.digest());
        out.writeEndObject();
    }

    void modelSwitch(JsonGenerator out, ModelSwitch entry) throws IOException {
        out.writeStartObject();
        Json.time(out, "at", entry.at());
        out.writeStringField("action", entry.action().name());
        out.writeStringField("version", entry.version());
        out.writeStringField("reason", entry.reason());
        out.writeEndObject();
    }

    private static void strings(JsonGenerator out, String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }

    String source() {
        return source;
    }
}
