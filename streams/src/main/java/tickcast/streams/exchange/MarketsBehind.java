package tickcast.streams.exchange;

/**
 * Markets have missed something that was said: they had been left out and answer again, or were started again in between.
 * What feeds them begins again from what is stored, to bring it.
 */
public final class MarketsBehind extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MarketsBehind(String message) {
        super(message);
    }
}
