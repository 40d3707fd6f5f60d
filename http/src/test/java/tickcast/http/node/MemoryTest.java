package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node holds in memory does not grow with what has run through it. */
class MemoryTest {

    private static final String HEAP = "-Xmx512m";

    @TempDir
    Path data;

    @Test
    void shouldHoldNoMoreAfterManyTradesThanAfterFew() throws Exception {
        drill(300_000, 0.15);
    }

    @Test
    @Tag("drill")
    void shouldHoldNoMoreAfterTenMillionTradesThanAfterOne() throws Exception {
        drill(10_000_000, 0.05);
    }

    private void drill(long trades, double tolerance) throws Exception {
        long startedAt = System.nanoTime();
        List<Long> liveSets = run(trades);
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        assertEquals(10, liveSets.size(), "measurements");
        double first = liveSets.get(0);
        double least = liveSets.stream().mapToLong(size -> size).min().orElseThrow() / first - 1;
        double most = liveSets.stream().mapToLong(size -> size).max().orElseThrow() / first - 1;
        DrillTable.row(
                "memory, %,d trades of 100 symbols with %s".formatted(trades, HEAP),
                "live set within %.0f %% of that after the first tenth".formatted(tolerance * 100),
                "%.1f MiB after the first tenth, then %+.1f %% to %+.1f %%; %.0f s",
                first / (1 << 20),
                100 * least,
                100 * most,
                seconds);
        assertTrue(least >= -tolerance && most <= tolerance, () -> "live sets " + liveSets);
    }

    private List<Long> run(long trades) throws Exception {
        Process child = ChildNode.java(
                        List.of(HEAP), MemoryRun.class.getName(), List.of(data.toString(), Long.toString(trades)))
                .start();
        List<Long> liveSets = new ArrayList<>();
        List<String> words = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                words.add(line);
                if (line.startsWith(MemoryRun.FIGURE)) {
                    liveSets.add(Long.parseLong(line.split(" ")[2]));
                }
            }
            assertEquals(0, child.waitFor(), () -> "the child failed: " + words);
        } finally {
            child.destroyForcibly();
        }
        return liveSets;
    }
}
