package tickcast.streams.archive;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.spill.SpillingArchive;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.Sandbox;

/** The pair that a node without Kafka has: a spill file in front of a real Elasticsearch. */
class SpillingOverElasticsearchTest extends ArchiveContract {

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private SpillingArchive archive;

    @BeforeEach
    void open() {
        sandbox = Sandbox.inSharedServer("spilling");
        ElasticsearchArchive store = ElasticsearchArchive.open(
                sandbox.settings(),
                MarketSource.KRAKEN,
                DeadLetterFile.below(directory, MarketSource.KRAKEN),
                new SimpleMeterRegistry());
        archive = SpillingArchive.open(store, directory, MarketSource.KRAKEN, 1 << 20, true, new SimpleMeterRegistry());
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
