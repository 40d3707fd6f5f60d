package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backtest that was killed goes on where it was, and its report is that of one that was left alone. */
class BacktestResumeTest {

    private static final int FOLDS_BEFORE_THE_KILL = 2;
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    private Path history;
    private Path data;

    @Test
    void shouldGoOnAfterAKillAndReportTheSame() throws Exception {
        history = directory.resolve("history");
        data = directory.resolve("data");
        GeneratedHistory.write(history, 20 * GeneratedHistory.DAY + 120, "XBTUSD");

        CommandRun undisturbed = CommandRun.of(directory.resolve("other"), arguments("undisturbed.json"));
        assertEquals(0, undisturbed.exitCode(), undisturbed.err());
        killAfterSomeFolds();
        List<Path> folds = folds();
        damage(folds.get(0));
        CommandRun resumed = CommandRun.of(data, arguments("resumed.json"));

        assertEquals(0, resumed.exitCode(), resumed.err());
        assertTrue(
                resumed.err().contains("Resumed at day 2025-03-1")
                        && resumed.err().contains(folds.size() + " trainings were done before"),
                resumed.err());
        assertTrue(resumed.err().contains("is damaged (its checksum is wrong): that model is trained again"));
        assertEquals(undisturbed.out(), resumed.out());
        assertEquals(withoutDurations("undisturbed.json"), withoutDurations("resumed.json"));
        assertFalse(Files.exists(data.resolve("backtest")), "nothing is left when the report is done");
    }

    private String[] arguments(String out) {
        return new String[] {
            "backtest",
            "--history",
            history.toString(),
            "--retrain-hours",
            "48",
            "--out",
            directory.resolve(out).toString()
        };
    }

    /** {@code kill -9} as soon as some models are kept. */
    private void killAfterSomeFolds() throws Exception {
        Files.createDirectories(data.resolve("backtest"));
        ProcessBuilder builder =
                ChildNode.java(List.of("-Xmx1g"), "tickcast.http.node.Main", Arrays.asList(arguments("never.json")));
        builder.environment().put("DATA_DIRECTORY", data.toString());
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        Process child = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            awaitFolds(child);
        } finally {
            child.destroyForcibly();
            child.onExit().join();
        }
        assertFalse(Files.exists(directory.resolve("never.json")), "it was killed before its end");
    }

    private void awaitFolds(Process child) throws Exception {
        try (WatchService watch = directory.getFileSystem().newWatchService()) {
            data.resolve("backtest").register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            next(watch, child).reset();
            Path folder = onlyFolder();
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (folds().size() < FOLDS_BEFORE_THE_KILL) {
                next(watch, child).reset();
            }
        }
    }

    private static WatchKey next(WatchService watch, Process child) throws InterruptedException {
        WatchKey key = watch.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(key != null, "the child keeps nothing; alive: " + child.isAlive());
        key.pollEvents();
        return key;
    }

    private Path onlyFolder() throws IOException {
        try (Stream<Path> folders = Files.list(data.resolve("backtest"))) {
            return folders.findFirst().orElseThrow();
        }
    }

    private List<Path> folds() throws IOException {
        try (Stream<Path> files = Files.list(onlyFolder())) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".fold"))
                    .sorted()
                    .toList());
        }
    }

    /** As a disk that lost the end of a file would. */
    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
    }

    /** How long training and scoring took differs between any two runs. */
    private String withoutDurations(String report) throws IOException {
        ObjectNode json = (ObjectNode)
                new ObjectMapper().readTree(directory.resolve(report).toFile());
        json.remove(List.of("trainSeconds", "predictMicrosPerRow"));
        return json.toString();
    }
}
