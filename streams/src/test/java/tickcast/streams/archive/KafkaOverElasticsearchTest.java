package tickcast.streams.archive;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.log.KafkaArchive;
import tickcast.streams.archive.log.LogHouse;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.Sandbox;

/** The log as an archive, over a real Kafka with a real Elasticsearch behind it. */
class KafkaOverElasticsearchTest extends ArchiveContract {

    private static ActorTestKit kit;

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private LogHouse house;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void open() {
        sandbox = Sandbox.inSharedServer("behind");
        house = new LogHouse(kit.system(), directory);
        house.open(
                ElasticsearchArchive.open(
                        sandbox.settings(),
                        MarketSource.KRAKEN,
                        DeadLetterFile.below(directory, MarketSource.KRAKEN),
                        new SimpleMeterRegistry()),
                KafkaArchive.Memory.USUAL);
        house.startArchiver();
    }

    @AfterEach
    void close() {
        house.close();
        sandbox.close();
    }

    @Override
    Archive archive() {
        return house.archive();
    }
}
