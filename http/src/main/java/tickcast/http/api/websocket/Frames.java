package tickcast.http.api.websocket;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;

/** Frames as a server sends them: whole, unmasked. */
public final class Frames {

    /** Normal end. */
    public static final int NORMAL = 1000;
    /** The server is stopping. */
    public static final int GOING_AWAY = 1001;

    static final int PROTOCOL_ERROR = 1002;
    static final int NO_CODE = 1005;
    static final int NOT_TEXT = 1007;
    static final int TOO_BIG = 1009;
    /** Something failed here. */
    public static final int INTERNAL_ERROR = 1011;
    /** Too busy or too slow: try again later. */
    public static final int TRY_AGAIN_LATER = 1013;

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final int FIN = 0x80;
    private static final int LONGEST_CONTROL = 125;
    private static final ByteString EMPTY_PING = frame(PING, new byte[0]);

    private Frames() {}

    /** A text message of UTF-8 bytes. */
    public static ByteString text(byte[] utf8) {
        return frame(TEXT, utf8);
    }

    /** A text message. */
    public static ByteString text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A ping without data. */
    public static ByteString ping() {
        return EMPTY_PING;
    }

    /** The answer to a ping. */
    public static ByteString pong(byte[] data) {
        return frame(PONG, data);
    }

    /** Ends the connection; a reason too long for the frame is cut. */
    public static ByteString close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, LONGEST_CONTROL - 2);
        while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        byte[] payload = new byte[2 + length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, length);
        return frame(CLOSE, payload);
    }

    private static ByteString frame(int opcode, byte[] payload) {
        int header = payload.length <= LONGEST_CONTROL ? 2 : payload.length <= 0xFFFF ? 4 : 10;
        byte[] frame = new byte[header + payload.length];
        frame[0] = (byte) (FIN | opcode);
        if (header == 2) {
            frame[1] = (byte) payload.length;
        } else if (header == 4) {
            frame[1] = 126;
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        } else {
            frame[1] = 127;
            for (int i = 0; i < 4; i++) {
                frame[6 + i] = (byte) (payload.length >> (24 - 8 * i));
            }
        }
        System.arraycopy(payload, 0, frame, header, payload.length);
        return ByteString.fromArrayUnsafe(frame);
    }
}
