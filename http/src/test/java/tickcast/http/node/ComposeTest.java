package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The shape of {@code docs/compose.yaml}: no container engine is at hand to run it, but it must fit what Tickcast expects. */
class ComposeTest {

    private static final Path ROOT = Path.of(System.getProperty("tickcast.root", ".."));

    private final JsonNode compose = read(ROOT.resolve("docs/compose.yaml"));
    private final Config settings = ConfigFactory.defaultReference().getConfig("tickcast");

    private static JsonNode read(Path file) {
        try {
            return new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new AssertionError(file + " is no YAML", e);
        }
    }

    private JsonNode service(String name) {
        return compose.path("services").path(name);
    }

    private Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Where a port of the service is reached on the host. */
    private String address(String service, int port) {
        for (JsonNode mapping : service(service).path("ports")) {
            String text = mapping.asText();
            if (text.endsWith(":" + port)) {
                return text.substring(
                        0, text.length() - 1 - Integer.toString(port).length());
            }
        }
        throw new AssertionError(service + " does not open " + port);
    }

    @Test
    void shouldStartBothServersOnLoopbackWithVolumesThatAreDeclared() {
        assertEquals(Set.of("kafka", "elasticsearch"), names(compose.path("services")));
        for (String name : names(compose.path("services"))) {
            JsonNode service = service(name);
            assertTrue(
                    service.path("image").asText().matches("[a-z/]+:\\d+\\.\\d+\\.\\d+"), name + " names one release");
            assertFalse(service.path("healthcheck").path("test").isMissingNode(), name + " says when it is ready");
            service.path("ports").forEach(port -> assertTrue(port.asText().startsWith("127.0.0.1:"), port.asText()));
            for (JsonNode volume : service.path("volumes")) {
                String declared = volume.asText().split(":")[0];
                assertTrue(names(compose.path("volumes")).contains(declared), declared);
            }
        }
    }

    @Test
    void shouldBeWhereTickcastLooks() {
        assertEquals(settings.getString("elasticsearch.url"), "http://" + address("elasticsearch", 9200));
        String bootstrap = settings.getString("kafka.bootstrap-servers");
        String advertised = service("kafka")
                .path("environment")
                .path("KAFKA_ADVERTISED_LISTENERS")
                .asText();
        assertEquals("PLAINTEXT://" + bootstrap, advertised);
        assertEquals(
                URI.create("kafka://" + bootstrap).getPort(),
                URI.create("kafka://" + address("kafka", 9092)).getPort());
    }

    @Test
    void shouldNameTheReleasesThatTheTestsRunAgainst() throws IOException {
        assertTrue(Files.readString(ROOT.resolve("pom.xml"))
                .contains("<elasticsearch.server.version>" + release("elasticsearch") + "<"));
        assertTrue(Files.readString(ROOT.resolve("streams/broker/pom.xml"))
                .contains("<version>" + release("kafka") + "</version>"));
    }

    private String release(String service) {
        return service(service).path("image").asText().split(":")[1];
    }
}
