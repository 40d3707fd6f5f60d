package tickcast.model.training;

/** There is too little to learn from; the message says what is there and what is needed. Trying later may help. */
public final class NotEnoughHistory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotEnoughHistory(String message) {
        super(message);
    }
}
