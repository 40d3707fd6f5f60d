package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.Sandbox;

/** The commands with {@code STORE=elasticsearch}. */
class ModelsInElasticsearchTest {

    private static final String PREFIX = "commands";
    private static final Instant NOW = Instant.parse("2026-01-20T00:00:00Z");

    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private Map<String, String> properties;

    @BeforeEach
    void open() {
        sandbox = Sandbox.inSharedServer(PREFIX);
        properties = Map.of(
                "tickcast.store",
                "elasticsearch",
                "tickcast.elasticsearch.url",
                sandbox.settings().urls().get(0).toString(),
                "tickcast.elasticsearch.index-prefix",
                PREFIX);
        properties.forEach(System::setProperty);
    }

    @AfterEach
    void close() {
        properties.keySet().forEach(System::clearProperty);
        sandbox.close();
    }

    private CommandRun run(Path data, String... args) {
        return CommandRun.of(data, args);
    }

    @Test
    void shouldTakeOverModelsAndServeThemToANodeWithoutAny() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        assertEquals("", run(second, "models", "list", "--source", "simulated").out());
        PinnedModel.pin(PinnedModel.train(NOW), first, MarketSource.SIMULATED);

        CommandRun promoted = run(first, "models", "promote", "1", "--source", "simulated");
        assertEquals(0, promoted.exitCode(), promoted.err());

        CommandRun listed = run(second, "models", "list", "--source", "simulated");
        assertTrue(listed.out().contains("CHAMPION"), listed.out() + listed.err());
        CommandRun exported =
                run(second, "models", "export", "1", directory.resolve("one").toString(), "--source", "simulated");
        assertEquals(0, exported.exitCode(), exported.err());
        assertTrue(
                Files.readString(directory.resolve("one").resolve("README.md")).contains("CHAMPION"));
        assertTrue(Files.exists(directory.resolve("one").resolve("MLmodel")));
        assertEquals(
                1,
                run(second, "models", "export", "9", directory.resolve("nine").toString(), "--source", "simulated")
                        .exitCode());
    }

    @Test
    void shouldKeepTheHorizonAStoreWasBegunWith() {
        Settings five = Settings.of(NodeConfig.load());
        Stores.requireHorizon(five, MarketSource.SIMULATED);
        Stores.requireHorizon(five, MarketSource.SIMULATED);
        System.setProperty("tickcast.forecast.horizon", "3m");
        try {
            Settings three = Settings.of(NodeConfig.load());
            WrongSetting refusal =
                    assertThrows(WrongSetting.class, () -> Stores.requireHorizon(three, MarketSource.SIMULATED));
            assertTrue(refusal.getMessage().contains("5m"), refusal.getMessage());
            Stores.requireHorizon(three, MarketSource.KRAKEN);
        } finally {
            System.clearProperty("tickcast.forecast.horizon");
        }
    }
}
