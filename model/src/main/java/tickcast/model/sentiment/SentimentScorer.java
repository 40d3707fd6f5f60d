package tickcast.model.sentiment;

import java.util.List;
import java.util.Set;
import tickcast.model.market.Symbol;

/** Turns headlines into scores. Implementations may block; callers give them a dispatcher of their own. */
public interface SentimentScorer {

    /** Its name in records, e.g. {@code lexicon}. */
    String name();

    /**
     * Scores each item, in order.
     *
     * @param items headlines, at most some dozens
     * @param symbols the pairs that this system follows; scores for others are not wanted
     * @throws ScoringException when the scorer can't be reached or answers nonsense; trying again later may help
     */
    List<Score> score(List<NewsItem> items, Set<Symbol> symbols);

    /**
     * One headline's outcome.
     *
     * @param market the market-wide score
     * @param bySymbol for the followed pairs that the headline is about
     * @param reason in a few words
     */
    record Score(Opinion market, java.util.Map<Symbol, Opinion> bySymbol, String reason) {}

    /** @param score −1…1 @param confidence 0…1 */
    record Opinion(double score, double confidence) {}

    /** The scorer can't answer now. */
    final class ScoringException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ScoringException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
