package tickcast.http.node;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.streams.elasticsearch.ElasticsearchServer;
import tickcast.streams.kafka.KafkaServer;

/** Operators see how it stands with bringing the log into the store. */
class ArchivingTest {

    private static final Instant START = Instant.parse("2025-11-20T12:00:00Z");
    private static final Duration LENGTH = Duration.ofMinutes(150);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    @Test
    void shouldShowSinceWhenTheStoreIsAway() throws Exception {
        Path history = Recording.of(START, LENGTH).write(folder.resolve("history"), START, START.plus(LENGTH));
        Map<String, Object> settings = new HashMap<>(
                Backbone.withElasticsearch(KafkaServer.shared(), "archiving", 2).settings());
        settings.put("tickcast.data-directory", folder.resolve("data").toString());
        settings.put("tickcast.market.source", "replay");
        settings.put("tickcast.market.replay.directory", history.toString());
        settings.put("tickcast.market.replay.speed", 60);

        try (BusyProxy proxy = BusyProxy.before(ElasticsearchServer.shared().url())) {
            settings.put("tickcast.elasticsearch.url", proxy.url());
            try (TestNode node = TestNode.start(settings)) {
                node.port();
                Readiness readiness = new Readiness(node.managementPort());
                readiness.await(
                        said -> said.ready() && archiving(said).equals("The store gets what the log has."), PATIENCE);
                proxy.busy(true);
                readiness.await(
                        said -> archiving(said).matches("The store of replay-\\w+ has been away since .*Z; .*"),
                        PATIENCE);
                proxy.busy(false);
                readiness.await(said -> archiving(said).equals("The store gets what the log has."), PATIENCE);
            }
        }
    }

    private static String archiving(Readiness.Said said) {
        return said.body().path("archiving").asText();
    }
}
