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
    record Opinion(double score, double confidence) {

        /** A score nearer to 0 than this takes no side. */
        public static final double DECIDED = 0.15;

        /** −1 = bad for the price, 1 = good, 0 = neither. */
        public int label() {
            return score >= DECIDED ? 1 : score <= -DECIDED ? -1 : 0;
        }
    }

    /** The scorer can't answer now. */
    final class ScoringException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ScoringException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
