package tickcast.model.feature;

import java.util.List;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** What was said about the symbol itself and about the market as a whole. */
final class SentimentFeatures {

    static final List<String> NAMES = List.of(
            "sentiment1h",
            "sentiment6h",
            "sentiment24h",
            "sentimentCount24h",
            "marketSentiment1h",
            "marketSentiment6h",
            "marketSentiment24h",
            "marketSentimentCount24h");

    private final String name;
    private final SentimentWindow own = new SentimentWindow();
    private final SentimentWindow market = new SentimentWindow();

    SentimentFeatures(Symbol symbol) {
        name = symbol.name();
    }

    /** Items about other symbols are ignored. */
    void hear(Sentiment item) {
        if (item.symbol().equals(name)) {
            own.hear(item);
        } else if (item.symbol().equals(Sentiment.MARKET_WIDE)) {
            market.hear(item);
        }
    }

    void advance(long asOfMillis) {
        own.forget(asOfMillis);
        market.forget(asOfMillis);
    }

    void write(FeatureRow row, long asOfMillis) {
        own.write(row, asOfMillis);
        market.write(row, asOfMillis);
    }
}
