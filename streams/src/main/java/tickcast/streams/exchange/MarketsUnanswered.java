package tickcast.streams.exchange;

/** A market did not do what it was asked for, however often it was asked. The feed starts again from what is stored. */
public final class MarketsUnanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MarketsUnanswered(String message, Throwable cause) {
        super(message, cause);
    }
}
