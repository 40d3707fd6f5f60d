package tickcast.streams.elasticsearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tickcast.streams.ChildProcess;
import tickcast.streams.LocalServer;

/**
 * A real Elasticsearch (one node) with 512 MiB of heap and a compiler that starts quickly, or {@link #forLong} as servers
 * usually run. Ready in about 10 s. The server refuses to run as root: then it runs as {@code nobody}.
 */
public final class ElasticsearchServer extends LocalServer {

    private static final String BRIEF_LIFE = """
            -Xms512m
            -Xmx512m
            -XX:+UseSerialGC
            -XX:TieredStopAtLevel=1
            """;
    private static final String LONG_LIFE = """
            -Xms1g
            -Xmx1g
            """;
    private static final String PLAIN = """
            xpack.security.enabled: false
            """;

    private final boolean secured;

    private ElasticsearchServer(boolean secured) {
        super("elasticsearch");
        this.secured = secured;
    }

    private static final class Shared {
        private static final ElasticsearchServer SERVER = fresh();
    }

    /** The one that all tests of a JVM may use: each with an index prefix of its own; leave it running. */
    public static ElasticsearchServer shared() {
        return Shared.SERVER;
    }

    /** A new one without indices, running. */
    public static ElasticsearchServer fresh() {
        return plain(BRIEF_LIFE);
    }

    /** The same for measuring: with 1 GiB of heap and the JVM's usual compiler and collector. */
    public static ElasticsearchServer forLong() {
        return plain(LONG_LIFE);
    }

    private static ElasticsearchServer plain(String jvm) {
        ElasticsearchServer server = prepare(PLAIN, jvm, false);
        server.start();
        return server;
    }

    /**
     * A new one that speaks TLS only and lets nobody in unknown, running.
     *
     * @param keyStore PKCS#12, is copied
     * @param keyStorePassword for the key store and its key
     * @param roles lines of {@code roles.yml}
     * @param users lines of {@code users}: name and hashed password
     * @param usersRoles lines of {@code users_roles}
     */
    public static ElasticsearchServer secured(
            Path keyStore, String keyStorePassword, String roles, String users, String usersRoles) {
        ElasticsearchServer server = prepare("""
                xpack.security.enabled: true
                xpack.security.http.ssl.enabled: true
                xpack.security.http.ssl.keystore.path: http.p12
                """, BRIEF_LIFE, true);
        try {
            Files.copy(keyStore, server.configuration().resolve("http.p12"));
            server.keep("xpack.security.http.ssl.keystore.secure_password", keyStorePassword);
            Files.writeString(server.configuration().resolve("roles.yml"), roles);
            Files.writeString(server.configuration().resolve("users"), users);
            Files.writeString(server.configuration().resolve("users_roles"), usersRoles);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        return server;
    }

    private static ElasticsearchServer prepare(String settings, String jvm, boolean secured) {
        ElasticsearchServer server = new ElasticsearchServer(secured);
        try {
            server.configure(settings, jvm);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    /** {@code http://127.0.0.1:port}, or with https; the same after a restart. */
    public String url() {
        return (secured ? "https" : "http") + "://127.0.0.1:" + port();
    }

    @Override
    protected ProcessBuilder command() {
        giveAway();
        return command("bin/elasticsearch");
    }

    private Path configuration() {
        return directory().resolve("config");
    }

    private void configure(String settings, String jvm) throws IOException {
        for (String folder : List.of("config", "data", "logs", "tmp")) {
            Files.createDirectory(directory().resolve(folder));
        }
        for (String file : List.of("log4j2.properties", "role_mapping.yml", "roles.yml", "users", "users_roles")) {
            Files.copy(home().resolve("config").resolve(file), configuration().resolve(file));
        }
        Files.writeString(configuration().resolve("jvm.options"), """
                -Djava.io.tmpdir=${ES_TMPDIR}
                -XX:+ExitOnOutOfMemoryError
                """ + jvm);
        Files.writeString(
                configuration().resolve("elasticsearch.yml"),
                """
                cluster.name: tickcast-test
                discovery.type: single-node
                http.port: %d
                http.host: 127.0.0.1
                transport.host: 127.0.0.1
                transport.port: 0
                path.data: %s
                path.logs: %s
                cluster.routing.allocation.disk.threshold_enabled: false
                action.destructive_requires_name: false
                """.formatted(port(), directory().resolve("data"), directory().resolve("logs")) + settings);
    }

    /** Puts a secret into the server's own key store. */
    private void keep(String name, String secret) throws IOException {
        giveAway();
        Path input = Files.writeString(directory().resolve("secret"), secret);
        ProcessBuilder add = command("bin/elasticsearch-keystore", "add", "--stdin", "--force", name);
        ChildProcess.start(add.redirectInput(input.toFile()), log()).awaitEnd();
        Files.delete(input);
    }

    private static Path home() {
        String home = System.getProperty("tickcast.elasticsearch.server", "");
        if (home.isEmpty() || !Files.isDirectory(Path.of(home))) {
            throw new IllegalStateException("Elasticsearch is not in '" + home
                    + "' (system property tickcast.elasticsearch.server); Maven puts it"
                    + " there: mvn process-test-resources -pl streams -am");
        }
        return Path.of(home);
    }

    private ProcessBuilder command(String program, String... arguments) {
        List<String> command = new ArrayList<>(isRoot() ? asNobody() : List.of());
        command.add(home().resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory().toFile());
        builder.environment()
                .putAll(Map.of(
                        "ES_PATH_CONF", configuration().toString(),
                        "ES_TMPDIR", directory().resolve("tmp").toString(),
                        "ES_JAVA_HOME", System.getProperty("java.home"),
                        "CLI_JAVA_OPTS", "-Xmx64m -XX:+UseSerialGC",
                        "HOME", directory().toString()));
        return builder;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** With the right to read what is root's, where the system lets it be handed on: this build may lie in root's home. */
    private static List<String> asNobody() {
        List<String> plain = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
        List<String> reading = new ArrayList<>(plain);
        reading.addAll(List.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override"));
        List<String> probe = new ArrayList<>(reading);
        probe.add("true");
        return run(probe) == 0 ? reading : plain;
    }

    private void giveAway() {
        if (isRoot() && run(List.of("chown", "-R", "nobody", directory().toString())) != 0) {
            throw new IllegalStateException(directory() + " can't be given to nobody");
        }
    }

    private static int run(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join()
                    .exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A secured one logs what it would only tell somebody known. */
    @Override
    protected boolean answers() {
        if (secured) {
            return logged("mode [basic] - valid");
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url() + "/_cluster/health?wait_for_status=yellow&timeout=1s")
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean logged(String words) {
        try {
            return Files.readString(log()).contains(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
