package tickcast.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.HistoryProgress;
import tickcast.actors.topic.Published;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;

/**
 * What is known right now: newest candle and prediction of each symbol, state of the feed, the model that speaks. Written
 * by one actor, read by every thread.
 */
final class MarketState {

    private static final Duration FRESH = Duration.ofMinutes(2);

    private final Map<Symbol, Candle> candles = new ConcurrentHashMap<>();
    private final Map<Symbol, Prediction> predictions = new ConcurrentHashMap<>();
    private volatile Feed feed;
    private volatile Model model;
    private volatile Optional<HistoryProgress> history = Optional.empty();
    private volatile Instant marketTime = Instant.EPOCH;

    /** @param heard whether the feed itself said so */
    record Feed(FeedState state, String detail, Instant since, boolean heard) {}

    /** @param heard whether this was heard, not read from the registry */
    record Model(String version, String reason, Instant since, boolean heard) {}

    MarketState(Instant startedAt) {
        feed = new Feed(FeedState.CONNECTING, "Nothing was heard from the feed yet.", startedAt, false);
        model = new Model(
                Prediction.NAIVE, "None was chosen yet: that comes with the first training.", startedAt, false);
    }

    /** Takes a candle unless a newer one is known. */
    void candle(Candle candle) {
        candles.merge(candle.symbol(), candle, MarketState::newer);
        if (candle.closeTime().isAfter(marketTime)) {
            marketTime = candle.closeTime();
        }
    }

    private static Candle newer(Candle known, Candle candle) {
        int byTime = candle.openTime().compareTo(known.openTime());
        return byTime > 0 || byTime == 0 && candle.revision() >= known.revision() ? candle : known;
    }

    /** Takes a prediction unless a newer one is known. */
    void prediction(Prediction prediction) {
        predictions.merge(
                prediction.symbol(), prediction, (known, next) -> next.asOf().isBefore(known.asOf()) ? known : next);
    }

    String feedLine() {
        Feed now = feed;
        return now.state() + ": " + now.detail();
    }

    void feed(Published.FeedChanged changed) {
        feed = new Feed(changed.state(), changed.detail(), changed.at(), true);
    }

    void model(Published.ModelChanged changed) {
        model = new Model(changed.version(), changed.reason(), changed.at(), true);
    }

    void history(Published.HistoryAdvanced advanced) {
        history = Optional.of(advanced.progress());
    }

    /** How far the past has been read back, in one sentence; empty when no feed said so. */
    Optional<String> historyLine() {
        return history.map(HistoryProgress::detail);
    }

    /** The registry's champion, unless something newer was heard. @return whether the state changed */
    boolean champion(ModelCard card) {
        if (model.heard()) {
            return false;
        }
        model = new Model(card.version(), card.stateReason(), card.createdAt(), false);
        return true;
    }

    /**
     * A node that joined later never heard the feed: candles tell that it runs.
     *
     * @return whether the state changed
     */
    boolean inferFeed(Candle candle, Instant now) {
        FeedState seen = candle.closeTime().plus(FRESH).isBefore(now) ? FeedState.CATCHING_UP : FeedState.LIVE;
        if (feed.heard() || feed.state() == seen) {
            return false;
        }
        feed = new Feed(seen, "Candles are coming in.", now, false);
        return true;
    }

    /** Close time of the newest candle of all, or the epoch. */
    Instant marketTime() {
        return marketTime;
    }

    void writeStatus(JsonGenerator out, String source) throws IOException {
        Feed currentFeed = feed;
        Model currentModel = model;
        out.writeStartObject();
        out.writeStringField("source", source);
        out.writeObjectFieldStart("feed");
        out.writeStringField("state", currentFeed.state().name());
        out.writeStringField("detail", currentFeed.detail());
        Json.time(out, "since", currentFeed.since());
        out.writeEndObject();
        out.writeObjectFieldStart("model");
        out.writeStringField("version", currentModel.version());
        out.writeStringField("reason", currentModel.reason());
        Json.time(out, "since", currentModel.since());
        out.writeEndObject();
        writeHistory(out);
        out.writeEndObject();
    }

    private void writeHistory(JsonGenerator out) throws IOException {
        Optional<HistoryProgress> heard = history;
        if (heard.isEmpty()) {
            out.writeNullField("history");
            return;
        }
        HistoryProgress progress = heard.get();
        out.writeObjectFieldStart("history");
        out.writeStringField("detail", progress.detail());
        out.writeBooleanField("complete", progress.isComplete());
        boolean isKnown = progress.remainingMillis() != HistoryProgress.UNKNOWN;
        Json.number(out, "remainingSeconds", isKnown ? progress.remainingMillis() / 1000 : Double.NaN);
        out.writeArrayFieldStart("symbols");
        for (HistoryProgress.OfSymbol symbol : progress.symbols()) {
            out.writeStartObject();
            out.writeStringField("symbol", symbol.symbol().name());
            Json.number(out, "days", tenths(symbol.days()));
            Json.number(out, "wantedDays", tenths(symbol.wantedDays()));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static double tenths(double days) {
        return Math.floor(days * 10) / 10;
    }

    void writeSymbol(JsonGenerator out, Symbol symbol, String source) throws IOException {
        Optional<Candle> candle = Optional.ofNullable(candles.get(symbol));
        Optional<Prediction> prediction = Optional.ofNullable(predictions.get(symbol));
        out.writeStartObject();
        out.writeStringField("symbol", symbol.name());
        out.writeStringField("path", symbol.pathName());
        out.writeStringField("source", source);
        Json.number(out, "lastPrice", candle.map(Candle::close).orElse(Double.NaN));
        Json.text(
                out, "lastCandleTime", candle.map(last -> iso(last.openTime())).orElse(null));
        Json.text(out, "asOf", candle.map(last -> iso(last.closeTime())).orElse(null));
        out.writeStringField("feedState", feed.state().name());
        Json.text(out, "predictionState", prediction.map(Prediction::status).orElse(null));
        Json.text(out, "predictionReason", prediction.map(Prediction::reason).orElse(null));
        Json.text(
                out, "predictionAsOf", prediction.map(made -> iso(made.asOf())).orElse(null));
        Json.text(out, "modelVersion", prediction.map(Prediction::modelVersion).orElse(null));
        out.writeEndObject();
    }

    private static String iso(Instant time) {
        return tickcast.model.market.Times.iso(time);
    }
}
