package tickcast.streams.record;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Damages a JSON text: bytes flipped, cut, doubled, or values replaced by ones of another type. */
final class Mutation {

    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "1e999",
        "0.5",
        "99999999999999999999",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "[[[[[[[[[[[[1]]]]]]]]]]]]",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}",
        "\"2026-02-30T12:00:00.000Z\"",
        "NaN",
        "\"2026-01-05T12:00:00Z\"",
        "\"\\ud800\"",
        "1".repeat(1200),
        "[null,\"x\",{}]",
        "[{\"coverage\":\"x\"}]"
    };

    private Mutation() {}

    static byte[] of(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && mutated.length > 1; i++) {
            mutated = random.nextBoolean() ? value(mutated, random) : raw(mutated, random);
        }
        return mutated;
    }

    private static byte[] raw(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(bytes.length - at);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt(256);
            case 1 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 2 -> {
                return join(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
            }
            default -> {
                return join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
            }
        }
        return bytes;
    }

    /** Puts another value behind some field's colon. */
    private static byte[] value(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int colon = text.indexOf("\":", random.nextInt(text.length()));
        if (colon < 0) {
            return bytes;
        }
        int end = colon + 2;
        while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String replaced = text.substring(0, colon + 2) + VALUES[random.nextInt(VALUES.length)] + text.substring(end);
        return replaced.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] a, byte[] b) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(a);
        out.writeBytes(b);
        return out.toByteArray();
    }
}
