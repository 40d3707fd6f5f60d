package tickcast.model.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** One fingerprint for all files of a model. */
public final class ModelDigest {

    private ModelDigest() {}

    /** SHA-256, hex, over names, lengths and bytes of all files in the order of their names. */
    public static String of(Map<String, byte[]> files) {
        MessageDigest digest = sha256();
        new TreeMap<>(files).forEach((name, bytes) -> {
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(8)
                    .putInt(nameBytes.length)
                    .putInt(bytes.length)
                    .flip());
            digest.update(nameBytes);
            digest.update(bytes);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}
