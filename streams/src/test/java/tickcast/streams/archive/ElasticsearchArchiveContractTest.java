package tickcast.streams.archive;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.Sandbox;

class ElasticsearchArchiveContractTest extends ArchiveContract {

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private ElasticsearchArchive archive;

    @BeforeEach
    void open() {
        sandbox = Sandbox.inSharedServer("contract");
        archive = ElasticsearchArchive.open(
                sandbox.settings(),
                MarketSource.KRAKEN,
                DeadLetterFile.below(directory, MarketSource.KRAKEN),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        archive.close();
        sandbox.close();
    }

    @Override
    Archive archive() {
        return archive;
    }
}
