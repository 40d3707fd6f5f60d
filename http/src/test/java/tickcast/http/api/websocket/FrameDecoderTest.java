package tickcast.http.api.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

    private static final int MAX = 64 * 1024;
    private final List<Incoming> seen = new ArrayList<>();

    private static byte[] frame(int first, byte[] payload, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        return out.toByteArray();
    }

    private void feed(byte[] bytes) throws ProtocolViolation {
        new FrameDecoder(MAX).feed(ByteString.fromArray(bytes), seen::add);
    }

    private int violation(byte... bytes) {
        return assertThrows(ProtocolViolation.class, () -> feed(bytes)).closeCode();
    }

    @Test
    void shouldReadTheSameHoweverTheBytesAreCut() throws ProtocolViolation {
        Random random = new Random(1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<String> texts = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 127, 1000, 65_535, 65_536}) {
            String text = "x".repeat(length);
            texts.add(text);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int cut = random.nextInt(length + 1);
            all.writeBytes(frame(0x01, java.util.Arrays.copyOf(bytes, cut), random));
            all.writeBytes(frame(0x89, new byte[] {1, 2}, random));
            all.writeBytes(frame(0x80, java.util.Arrays.copyOfRange(bytes, cut, length), random));
        }
        byte[] wire = all.toByteArray();
        FrameDecoder decoder = new FrameDecoder(MAX);
        for (int position = 0; position < wire.length; ) {
            int end = Math.min(wire.length, position + 1 + random.nextInt(random.nextBoolean() ? 3 : 5000));
            decoder.feed(ByteString.fromArray(java.util.Arrays.copyOfRange(wire, position, end)), seen::add);
            position = end;
        }
        List<String> read = new ArrayList<>();
        for (Incoming message : seen) {
            if (message instanceof Incoming.Text text) {
                read.add(text.text());
            }
        }
        assertEquals(texts, read);
        assertEquals(
                texts.size(),
                seen.stream().filter(Incoming.Ping.class::isInstance).count());
    }

    @Test
    void shouldRefuseWhatRfc6455Forbids() throws ProtocolViolation {
        Random random = new Random(2);
        assertEquals(1002, violation((byte) 0x81, (byte) 1, (byte) 'x'), "not masked");
        assertEquals(1002, violation((byte) 0xC1, (byte) 0x80), "reserved bit");
        assertEquals(1002, violation((byte) 0x83, (byte) 0x80), "opcode 3");
        assertEquals(1002, violation((byte) 0x8B, (byte) 0x80), "opcode 11");
        assertEquals(1002, violation((byte) 0x80, (byte) 0x80), "continues nothing");
        assertEquals(1002, violation((byte) 0x09, (byte) 0x80), "ping in parts");
        assertEquals(1002, violation((byte) 0x89, (byte) 0xFE), "long ping");
        assertEquals(1002, violation(frame(0x88, new byte[] {1}, random)), "close of one byte");
        assertEquals(1002, violation(frame(0x88, new byte[] {3, (byte) 0xED}, random)), "close 1005");
        assertEquals(1007, violation(frame(0x81, new byte[] {(byte) 0xC3, 0x28}, random)), "not UTF-8");
        assertEquals(1009, violation(frame(0x81, new byte[MAX + 1], random)), "too big");
        byte[] huge = {(byte) 0x81, (byte) 0xFF, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0};
        assertEquals(1009, violation(huge), "negative length");
        feed(frame(0x88, new byte[0], random));
        assertEquals(new Incoming.Close(1005), seen.get(0));
    }

    @Test
    void shouldSurviveAnything() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            try {
                feed(bytes);
            } catch (ProtocolViolation violation) {
                assertTrue(violation.closeCode() >= 1002);
            }
        }
    }

    @Test
    void shouldCutALongReasonBetweenCharacters() {
        ByteString frame = Frames.close(1013, "ä".repeat(100));
        assertTrue(frame.size() <= 127);
        String reason = frame.drop(4).decodeString(StandardCharsets.UTF_8);
        assertTrue(reason.matches("ä+"), reason);
    }
}
