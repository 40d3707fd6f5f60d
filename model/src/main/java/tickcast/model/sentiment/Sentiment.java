package tickcast.model.sentiment;

import java.time.Instant;

/**
 * A scored headline, about one symbol or the market as a whole.
 *
 * @param newsId the headline's id
 * @param symbol the pair's name, or {@code *} for the market as a whole
 * @param score −1 (bad for the price) … 1 (good)
 * @param confidence 0 … 1
 * @param scorer who scored, e.g. {@code lexicon}
 * @param reason in a few words, may be empty
 * @param title the headline
 * @param link the article, may be empty
 * @param publishedAt as the feed said
 * @param knownAt when it was scored: from then on it may be used
 */
public record Sentiment(
        String newsId,
        String symbol,
        double score,
        double confidence,
        String scorer,
        String reason,
        String title,
        String link,
        Instant publishedAt,
        Instant knownAt) {

    /** The symbol of items that concern the whole market. */
    public static final String MARKET_WIDE = "*";
}
