package tickcast.http.node;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.Candle;
import tickcast.model.training.Backtest;
import tickcast.model.training.BacktestSettings;
import tickcast.model.training.MarketHistory;

/** Tells whether two backtests would train the same models: one fingerprint of history, settings and code. */
final class BacktestKey {

    private static final int KEY_BYTES = 8;

    private BacktestKey() {}

    /** 16 hex digits. Reads the program's own file once; about 0.3 s for a month of four symbols. */
    static String of(MarketHistory history, BacktestSettings settings, String source) {
        MessageDigest digest = sha256();
        update(digest, FeatureSchema.current().hash());
        update(digest, settings.toString());
        update(digest, source);
        try {
            updateWithCode(digest);
        } catch (IOException e) {
            throw new CommandFailed("the program's own code can't be read: " + e, e);
        }
        history.candles().forEach((symbol, candles) -> {
            for (Candle candle : candles) {
                update(digest, candle.toString());
            }
        });
        history.sentiment().forEach(news -> update(digest, news.toString()));
        return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    /** The jar of the model's code, or its classes where it was not packed. */
    private static void updateWithCode(MessageDigest digest) throws IOException {
        Path code = codeOf(Backtest.class);
        List<Path> files;
        try (Stream<Path> all = Files.walk(code)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            update(digest, code.relativize(file).toString());
            digest.update(Files.readAllBytes(file));
        }
    }

    private static Path codeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException bug) {
            throw new IllegalStateException("the place of " + type + " is no address", bug);
        }
    }

    static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}
