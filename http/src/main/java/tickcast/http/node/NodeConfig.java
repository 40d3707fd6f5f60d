package tickcast.http.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Set;

/** The configuration as a process sees it: properties, then the user's file, then Tickcast's own, then the libraries'. */
final class NodeConfig {

    private static final String BOOTSTRAP = "akka.management.cluster.bootstrap.ClusterBootstrap";

    private NodeConfig() {}

    static Config load() {
        return load(ConfigFactory.empty());
    }

    /** @param first wins over everything else, such as a command's options @throws WrongSetting when a file can't be read */
    static Config load(Config first) {
        try {
            ConfigFactory.invalidateCaches();
            Config own = ConfigFactory.parseResources(NodeConfig.class, "akka.conf");
            // Nothing is resolved before everything is in its place: what quotes a key follows what overrides it.
            return first.withFallback(ConfigFactory.defaultOverrides())
                    .withFallback(ConfigFactory.defaultApplication())
                    .withFallback(own)
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve();
        } catch (ConfigException e) {
            throw new WrongSetting(
                    "config.file", System.getProperty("config.file", ""), "a HOCON file: " + e.getMessage());
        }
    }

    static Config withClusterRoles(Config config, Set<Role> roles) {
        return config.withValue(
                "akka.cluster.roles",
                ConfigValueFactory.fromIterable(roles.stream().map(Role::label).toList()));
    }

    /** Whether the node is to join others, by seed nodes or by Akka's cluster bootstrap, instead of being a cluster of one. */
    static boolean namesOthers(Config config) {
        return !config.getStringList("akka.cluster.seed-nodes").isEmpty()
                || config.getStringList("akka.extensions").contains(BOOTSTRAP);
    }
}
