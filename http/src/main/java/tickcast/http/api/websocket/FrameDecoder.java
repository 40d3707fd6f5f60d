package tickcast.http.api.websocket;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a client's bytes into messages (RFC 6455, 5.2), fragments joined. Holds at most one message of the given size.
 * One per connection, not thread safe.
 */
public final class FrameDecoder {

    private static final int LONGEST_HEADER = 14;
    private static final byte[] NOTHING = new byte[0];

    private final int maxMessageBytes;
    private final byte[] header = new byte[LONGEST_HEADER];
    private int headerBytes;
    private int headerNeeded = 2;

    private boolean inPayload;
    private int opcode;
    private boolean fin;
    private byte[] payload = NOTHING;
    private int payloadBytes;

    private int messageOpcode = -1;
    private byte[] message = NOTHING;

    public FrameDecoder(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Takes the next bytes and hands over every message that they complete.
     *
     * @throws ProtocolViolation when the connection must be closed; the decoder can't be used after that
     */
    public void feed(ByteString bytes, Consumer<Incoming> messages) throws ProtocolViolation {
        byte[] input = bytes.toArray();
        int position = 0;
        while (position < input.length || inPayload && payloadBytes == payload.length) {
            if (inPayload) {
                int count = Math.min(input.length - position, payload.length - payloadBytes);
                System.arraycopy(input, position, payload, payloadBytes, count);
                payloadBytes += count;
                position += count;
                if (payloadBytes == payload.length) {
                    finishFrame(messages);
                }
            } else {
                header[headerBytes++] = input[position++];
                readHeader();
            }
        }
    }

    private void readHeader() throws ProtocolViolation {
        if (headerBytes == 2) {
            headerNeeded = 6 + extraLengthBytes();
            checkStart();
        }
        if (headerBytes == headerNeeded && headerBytes > 2) {
            beginPayload();
        }
    }

    private int extraLengthBytes() {
        return switch (header[1] & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private void checkStart() throws ProtocolViolation {
        opcode = header[0] & 0x0F;
        fin = (header[0] & 0x80) != 0;
        if ((header[0] & 0x70) != 0) {
            throw violation("Reserved bits are set, but no extension was agreed on");
        }
        if ((header[1] & 0x80) == 0) {
            throw violation("A client's frames must be masked");
        }
        boolean control = opcode >= Frames.CLOSE;
        if (opcode > Frames.PONG || opcode > Frames.BINARY && !control) {
            throw violation("Unknown opcode " + opcode);
        }
        if (control && (!fin || (header[1] & 0x7F) > 125)) {
            throw violation("A control frame must be whole and at most 125 bytes long");
        }
        if (opcode == Frames.CONTINUATION && messageOpcode < 0) {
            throw violation("Nothing to continue");
        }
        if ((opcode == Frames.TEXT || opcode == Frames.BINARY) && messageOpcode >= 0) {
            throw violation("The message before was not finished");
        }
    }

    private void beginPayload() throws ProtocolViolation {
        long length = length();
        int before = opcode < Frames.CLOSE ? message.length : 0;
        if (length < 0 || length > maxMessageBytes - before) {
            throw new ProtocolViolation(Frames.TOO_BIG, "A message may have at most " + maxMessageBytes + " bytes");
        }
        payload = new byte[(int) length];
        payloadBytes = 0;
        inPayload = true;
    }

    private long length() {
        int extra = extraLengthBytes();
        if (extra == 0) {
            return header[1] & 0x7F;
        }
        long length = 0;
        for (int i = 0; i < extra; i++) {
            length = length << 8 | header[2 + i] & 0xFF;
        }
        return length;
    }

    private void finishFrame(Consumer<Incoming> messages) throws ProtocolViolation {
        unmask();
        byte[] data = payload;
        payload = NOTHING;
        payloadBytes = 0;
        inPayload = false;
        headerBytes = 0;
        headerNeeded = 2;
        switch (opcode) {
            case Frames.CLOSE -> messages.accept(closeOf(data));
            case Frames.PING -> messages.accept(new Incoming.Ping(data));
            case Frames.PONG -> messages.accept(new Incoming.Pong());
            default -> finishData(data, messages);
        }
    }

    private void finishData(byte[] data, Consumer<Incoming> messages) throws ProtocolViolation {
        if (opcode != Frames.CONTINUATION) {
            messageOpcode = opcode;
        }
        byte[] whole = message.length == 0 ? data : joined(data);
        if (!fin) {
            message = whole;
            return;
        }
        boolean text = messageOpcode == Frames.TEXT;
        messageOpcode = -1;
        message = NOTHING;
        messages.accept(text ? new Incoming.Text(utf8(whole, 0)) : new Incoming.Binary());
    }

    private byte[] joined(byte[] data) {
        byte[] whole = Arrays.copyOf(message, message.length + data.length);
        System.arraycopy(data, 0, whole, message.length, data.length);
        return whole;
    }

    private void unmask() {
        int mask = headerNeeded - 4;
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= header[mask + (i & 3)];
        }
    }

    private static Incoming.Close closeOf(byte[] data) throws ProtocolViolation {
        if (data.length == 0) {
            return new Incoming.Close(Frames.NO_CODE);
        }
        int code = data.length == 1 ? 0 : (data[0] & 0xFF) << 8 | data[1] & 0xFF;
        boolean known = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
        if (!known) {
            throw violation("No valid close code");
        }
        utf8(data, 2);
        return new Incoming.Close(code);
    }

    private static String utf8(byte[] data, int offset) throws ProtocolViolation {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data, offset, data.length - offset))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolViolation(Frames.NOT_TEXT, "Text must be UTF-8");
        }
    }

    private static ProtocolViolation violation(String reason) {
        return new ProtocolViolation(Frames.PROTOCOL_ERROR, reason);
    }
}
