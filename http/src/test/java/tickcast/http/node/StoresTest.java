package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;

class StoresTest {

    @TempDir
    Path directory;

    private Archive open(String bus, String store) {
        Settings settings = Settings.of(NodeConfig.load(ConfigFactory.parseMap(Map.of(
                "tickcast.bus", bus, "tickcast.store", store, "tickcast.data-directory", directory.toString()))));
        return Stores.forNode(settings, MarketSource.KRAKEN, true, Optional.empty(), new SimpleMeterRegistry());
    }

    private Path spilled(String text) throws IOException {
        Path file = Files.createDirectories(directory.resolve("kraken")).resolve("spill.jsonl");
        return Files.writeString(file, text);
    }

    @ParameterizedTest
    @CsvSource({"direct,embedded", "kafka,embedded", "kafka,elasticsearch"})
    void shouldNotForgetWhatStillWaitsInAFileForElasticsearch(String bus, String store) throws IOException {
        Path file = spilled("{\"v\":1}\n");
        CommandFailed refused = assertThrows(CommandFailed.class, () -> open(bus, store));
        assertEquals(
                file + " holds records that Elasticsearch has not taken yet: start once with STORE=elasticsearch and"
                        + " BUS=direct until that file is empty, or move it away",
                refused.getMessage());
    }

    @Test
    void shouldNotMindAFileThatIsEmpty() throws IOException {
        Path file = spilled("");
        open("direct", "embedded").close();
        assertTrue(Files.exists(file));
    }
}
