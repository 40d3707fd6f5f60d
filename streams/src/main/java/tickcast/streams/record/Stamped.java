package tickcast.streams.record;

/**
 * A fact with what its record says about the writer.
 *
 * @param fact what is recorded
 * @param source key of the {@link tickcast.model.market.MarketSource}: {@code kraken}, {@code simulated}, {@code replay-3fa1}
 * @param epoch when the writer took over what it writes about, epoch milliseconds; of two writers of one candle the later
 *     one counts. 0 = history that was imported or prepared. Never negative
 */
public record Stamped<T>(T fact, String source, long epoch) {

    public Stamped {
        if (source.isEmpty() || epoch < 0) {
            throw new IllegalArgumentException(
                    "a record needs a source and an epoch of at least 0, not '" + source + "' and " + epoch);
        }
    }
}
