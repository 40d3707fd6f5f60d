package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.ArchiveContract.await;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.MarketSource;

class EmbeddedArchiveCrashTest {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);
    private static final int KILLS = 4;

    @TempDir
    Path directory;

    @Test
    void shouldKeepEveryAcknowledgedWriteThroughKills() throws IOException, InterruptedException {
        Random random = new Random(20);
        int acknowledged = -1;
        for (int i = 0; i < KILLS; i++) {
            acknowledged = writeAndKill(acknowledged + 1, acknowledged + 150 + random.nextInt(400));
            try (EmbeddedArchive archive = EmbeddedArchive.open(directory, MarketSource.KRAKEN)) {
                assertComplete(archive, acknowledged);
            }
        }
    }

    /** Lets a child write minutes from {@code first} on and kills it once {@code enough} is acknowledged. */
    private int writeAndKill(int first, int enough) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writer.class.getName(),
                        directory.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int last = first - 1;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Integer.parseInt(line);
                if (last == enough) {
                    child.destroyForcibly();
                }
            }
        } catch (IOException | NumberFormatException e) {
            assertTrue(last >= enough, "the child ended early: " + e); // the pipe or its last line broke with the child
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertTrue(last >= enough, "the child ended after " + last);
        return last;
    }

    private static void assertComplete(EmbeddedArchive archive, int acknowledged) {
        List<String> verdict = await(
                archive.inTransaction(session -> session.list("PRAGMA integrity_check", binder -> {}, Row::text)));
        assertEquals(List.of("ok"), verdict);
        int candles = await(archive.candles(BTC, ALL)).size();
        assertTrue(candles > acknowledged, candles + " candles are stored, " + (acknowledged + 1) + " acknowledged");
        Set<Instant> asOfs = new HashSet<>();
        await(archive.predictions(BTC, ALL)).forEach(prediction -> asOfs.add(prediction.asOf()));
        for (int minute = 0; minute <= acknowledged; minute++) {
            assertTrue(asOfs.contains(Records.minute(minute)), "no prediction of minute " + minute);
        }
        int errors = await(archive.errors(BTC, ALL)).size();
        assertTrue(errors > acknowledged, errors + " errors are stored");
    }

    /** The child: stores a candle, its prediction and an error, then acknowledges the minute. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) {
            try (EmbeddedArchive archive = EmbeddedArchive.open(Path.of(args[0]), MarketSource.KRAKEN)) {
                for (int minute = Integer.parseInt(args[1]); ; minute++) {
                    Prediction prediction = live(BTC, minute, "17");
                    await(archive.writeCandles(List.of(candle(BTC, minute, 0, minute))));
                    await(archive.writePredictions(List.of(prediction)));
                    await(archive.writeErrors(List.of(error(prediction, 64001))));
                    System.out.println(minute);
                }
            }
        }
    }
}
