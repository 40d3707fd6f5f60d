package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are told of one another are one cluster. */
class SeedNodesTest {

    @TempDir
    private Path data;

    @Test
    void shouldMakeOneClusterOfTwoNodes() throws Exception {
        int first = TestNode.freePort();
        int second = TestNode.freePort();

        try (TestNode one = node("one", first, first);
                TestNode other = node("other", second, first)) {
            one.port();
            other.port();

            Set<Integer> both = new TreeSet<>(List.of(first, second));
            assertEquals(both, members(one));
            assertEquals(both, members(other));
        }
    }

    @Test
    void shouldLeaveJoiningToClusterBootstrap() {
        assertFalse(NodeConfig.namesOthers(NodeConfig.load()));
        assertTrue(NodeConfig.namesOthers(NodeConfig.load(ConfigFactory.parseString(
                "akka.extensions = [\"akka.management.cluster.bootstrap.ClusterBootstrap\"]"))));
    }

    private TestNode node(String name, int port, int seedPort) {
        return TestNode.start(Map.of(
                "tickcast.data-directory",
                data.resolve(name).toString(),
                "tickcast.market.source",
                "simulated",
                "tickcast.market.simulated.history",
                "0s",
                "tickcast.market.simulated.catch-up",
                "10m",
                "akka.remote.artery.canonical.port",
                port,
                "akka.cluster.seed-nodes",
                List.of("akka://tickcast@127.0.0.1:" + seedPort)));
    }

    /** Ports of the members that are up. */
    private static Set<Integer> members(TestNode node) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + node.managementPort() + "/cluster/members");
        String body = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body();
        Set<Integer> ports = new TreeSet<>();
        for (JsonNode member : new ObjectMapper().readTree(body).path("members")) {
            if (member.path("status").asText().equals("Up")) {
                String name = member.path("node").asText();
                ports.add(Integer.parseInt(name.substring(name.lastIndexOf(':') + 1)));
            }
        }
        return ports;
    }
}
