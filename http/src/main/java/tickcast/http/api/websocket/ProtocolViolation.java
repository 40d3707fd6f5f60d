package tickcast.http.api.websocket;

/** The peer broke the WebSocket protocol or a limit: the connection must be closed with the code and the reason. */
public final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    ProtocolViolation(int closeCode, String reason) {
        super(reason, null, false, false);
        this.closeCode = closeCode;
    }

    /** RFC 6455, 7.4.1. */
    public int closeCode() {
        return closeCode;
    }
}
