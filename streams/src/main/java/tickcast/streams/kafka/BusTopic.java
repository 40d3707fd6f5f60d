package tickcast.streams.kafka;

import java.util.Locale;

/** What the bus carries, one Kafka topic each. */
public enum BusTopic {
    /** Into the markets: trades, minutes' ends and corrections, keyed by symbol. */
    TRADES(true),
    /** Headlines to be scored, keyed by their id. */
    NEWS(false),
    CANDLES(true),
    FEATURES(true),
    PREDICTIONS(true),
    ERRORS(true),
    /** Scored headlines, keyed by symbol or {@code *}. */
    SENTIMENT(true),
    /** Records that could not be used, with the reason. */
    REJECTED(false);

    private final boolean bySymbol;

    BusTopic(boolean bySymbol) {
        this.bySymbol = bySymbol;
    }

    /** Whether it is keyed by symbol, so that symbol, partition and shard go together. Others have one partition. */
    public boolean isBySymbol() {
        return bySymbol;
    }

    /** {@code trades}: its name in settings and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
