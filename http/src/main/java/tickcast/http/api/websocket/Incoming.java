package tickcast.http.api.websocket;

/** What a client sent. */
public sealed interface Incoming {

    /** A whole text message, valid UTF-8. */
    record Text(String text) implements Incoming {}

    /** A whole binary message; its bytes are of no interest. */
    record Binary() implements Incoming {}

    /** @param data to be sent back in a pong */
    record Ping(byte[] data) implements Incoming {}

    /** An answer to one of our pings, or unasked. */
    record Pong() implements Incoming {}

    /** @param code the peer's close code, 1005 when it gave none */
    record Close(int code) implements Incoming {}
}
