package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** Scored headlines, about a pair or the market as a whole ({@code *}). */
final class SentimentCodec extends RecordCodec<Sentiment> {

    SentimentCodec() {
        super("sentiment");
    }

    @Override
    protected void writeFields(JsonGenerator out, Stamped<? extends Sentiment> record) throws IOException {
        Sentiment sentiment = record.fact();
        require(!sentiment.newsId().isEmpty() && !sentiment.scorer().isEmpty(), "a scored headline has id and scorer");
        RecordJson.text(out, "id", sentiment.newsId());
        RecordJson.text(out, "symbol", sentiment.symbol());
        RecordJson.number(out, "score", sentiment.score());
        RecordJson.number(out, "confidence", sentiment.confidence());
        RecordJson.text(out, "scorer", sentiment.scorer());
        RecordJson.text(out, "reason", sentiment.reason());
        RecordJson.text(out, "title", sentiment.title());
        RecordJson.text(out, "link", sentiment.link());
        RecordJson.time(out, "publishedAt", sentiment.publishedAt());
        RecordJson.time(out, "knownAt", sentiment.knownAt());
    }

    @Override
    protected Sentiment readFields(RecordFields in, String source) throws MalformedRecord {
        return new Sentiment(
                in.word("id"),
                subject(in),
                in.numberOrNaN("score"),
                in.numberOrNaN("confidence"),
                in.word("scorer"),
                in.text("reason"),
                in.text("title"),
                in.text("link"),
                in.time("publishedAt"),
                in.time("knownAt"));
    }

    private static String subject(RecordFields in) throws MalformedRecord {
        String symbol = in.word("symbol");
        if (symbol.equals(Sentiment.MARKET_WIDE)) {
            return symbol;
        }
        return Symbol.tryParse(symbol)
                .map(Symbol::name)
                .orElseThrow(() -> new MalformedRecord(
                        "'symbol' must be a pair such as \"BTC/USD\" or \"*\", was \"" + symbol + '"'));
    }
}
