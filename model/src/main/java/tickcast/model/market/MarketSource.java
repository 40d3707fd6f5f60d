package tickcast.model.market;

/**
 * Where market data comes from. Stores, models and scores of different sources never mix.
 *
 * @param kind what is shown to users
 * @param key names the source's own folder and registry: the kind, or the kind, a dash and what tells its markets apart, such
 *     as a recording's fingerprint or a simulated market's seed
 */
public record MarketSource(Kind kind, String key) {

    public enum Kind {
        KRAKEN,
        REPLAY,
        SIMULATED,
        /** Whatever other programs publish into the trades topic. */
        TOPIC;

        /** {@code kraken}, {@code replay}, {@code simulated} or {@code topic}, as records and messages carry it. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public static final MarketSource KRAKEN = new MarketSource(Kind.KRAKEN, "kraken");
    public static final MarketSource SIMULATED = new MarketSource(Kind.SIMULATED, "simulated");
    public static final MarketSource TOPIC = new MarketSource(Kind.TOPIC, "topic");

    /** A replay's source; {@code fingerprint} tells one recorded directory from another. */
    public static MarketSource replay(String fingerprint) {
        return new MarketSource(Kind.REPLAY, "replay-" + fingerprint);
    }

    /** The label of the source that a key names: {@code replay} of {@code replay-3fa1}. */
    public static String labelOf(String key) {
        int dash = key.indexOf('-');
        return dash < 0 ? key : key.substring(0, dash);
    }

    /** {@code kraken}, {@code replay}, {@code simulated} or {@code topic}. */
    public String label() {
        return kind.label();
    }
}
