package tickcast.streams.record;

/** Bytes that are no record of the expected kind. The message is for the writer: the field, what it held, what is allowed. */
public final class MalformedRecord extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedRecord(String reason) {
        super(reason);
    }

    public MalformedRecord(String reason, Throwable cause) {
        super(reason, cause);
    }
}
