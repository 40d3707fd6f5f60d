package tickcast.http.api;

import akka.http.javadsl.model.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import tickcast.http.api.Cursor.Cut;
import tickcast.http.api.Problem.Kind;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** The time series of a symbol: candles, features, sentiment, predictions, errors. */
final class SeriesEndpoints {

    private static final String ROOT = "/api/v1/symbols/{symbol}/";

    private final Symbols symbols;
    private final Archive archive;
    private final Records records;

    SeriesEndpoints(Symbols symbols, Archive archive, Records records) {
        this.symbols = symbols;
        this.archive = archive;
        this.records = records;
    }

    List<Endpoint> endpoints() {
        return List.of(
                series("candles", archive::candles, Candle::openTime, records::candle),
                series("features", archive::features, FeatureVector::asOf, records::features),
                Endpoint.read(ROOT + "sentiment", this::sentiment),
                series("predictions", archive::predictions, Prediction::asOf, records::prediction),
                Endpoint.read(ROOT + "predictions/latest", this::latestPrediction),
                series("errors", archive::errors, error -> error.prediction().targetTime(), records::error));
    }

    private <T> Endpoint series(
            String name,
            BiFunction<Symbol, Page, CompletionStage<List<T>>> read,
            Function<T, Instant> timeOf,
            Json.ItemWriter<T> writer) {
        return Endpoint.read(ROOT + name, call -> {
            Symbol symbol = symbols.known(call.pathParameter("symbol"));
            return list(call, symbol.name(), page -> read.apply(symbol, page), timeOf, writer);
        });
    }

    private CompletionStage<HttpResponse> sentiment(Call call) {
        String given = call.pathParameter("symbol");
        String symbol = given.equals(Sentiment.MARKET_WIDE)
                ? given
                : symbols.known(given).name();
        return list(call, symbol, page -> archive.sentiment(symbol, page), Sentiment::knownAt, records::sentiment);
    }

    private CompletionStage<HttpResponse> latestPrediction(Call call) {
        Symbol symbol = symbols.known(call.pathParameter("symbol"));
        return archive.predictions(symbol, Page.latest(1)).thenApply(found -> {
            if (found.isEmpty()) {
                throw Problem.of(Kind.NOT_FOUND, "There is no prediction for " + symbol + " yet.");
            }
            return Answers.json(out -> records.prediction(out, found.get(0)));
        });
    }

    private <T> CompletionStage<HttpResponse> list(
            Call call,
            String symbol,
            Function<Page, CompletionStage<List<T>>> read,
            Function<T, Instant> timeOf,
            Json.ItemWriter<T> writer) {
        int limit = call.limit();
        Cursor start = start(call);
        return read.apply(start.page(limit)).thenApply(found -> {
            Cut<T> cut = start.cut(found, limit, timeOf);
            return Answers.json(out -> {
                out.writeStartObject();
                out.writeStringField("symbol", symbol);
                out.writeStringField("source", records.source());
                out.writeArrayFieldStart("data");
                for (T item : cut.items()) {
                    writer.write(out, item);
                }
                out.writeEndArray();
                Json.text(out, "next", cut.next().map(Cursor::text).orElse(null));
                out.writeEndObject();
            });
        });
    }

    private static Cursor start(Call call) {
        Optional<Instant> from = call.time("from");
        Optional<Instant> to = call.time("to");
        if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
            throw Problem.parameter("to", call.parameter("to").orElse(""), "a time not before 'from'");
        }
        return call.parameter("cursor")
                .map(Cursor::parse)
                .orElseGet(() -> from.map(start -> Cursor.forward(start, to)).orElseGet(() -> Cursor.backward(to)));
    }
}
