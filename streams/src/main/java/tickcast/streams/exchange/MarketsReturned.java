package tickcast.streams.exchange;

/** Markets that had been left out answer again: the feed starts again from what is stored, to bring them what they missed. */
final class MarketsReturned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MarketsReturned(String message) {
        super(message);
    }
}
