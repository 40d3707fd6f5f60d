package tickcast.streams.elasticsearch;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How Elasticsearch is reached.
 *
 * @param urls of one or more nodes of the cluster, {@code http://host:9200}
 * @param credentials absent when the server asks for none
 * @param trust how the server's certificate is checked; absent = by the authorities that Java knows
 * @param indexPrefix that every index, alias and template begins with
 * @param requestTimeout how long one request may take
 * @param patience how long a request that fails for the moment is repeated
 */
public record ElasticsearchSettings(
        List<URI> urls,
        Optional<Credentials> credentials,
        Optional<Trust> trust,
        String indexPrefix,
        Duration requestTimeout,
        Duration patience) {

    /** What production uses for everything but the arguments. */
    public static ElasticsearchSettings of(
            List<URI> urls, Optional<Credentials> credentials, Optional<Trust> trust, String indexPrefix) {
        return new ElasticsearchSettings(
                urls, credentials, trust, indexPrefix, Duration.ofSeconds(10), Duration.ofSeconds(3));
    }

    /** Who asks. Never shown. */
    public sealed interface Credentials permits ApiKey, Login {}

    /** @param encoded as Elasticsearch hands it out: Base64 of {@code id:key} */
    public record ApiKey(String encoded) implements Credentials {
        @Override
        public String toString() {
            return "an API key";
        }
    }

    /** Basic authentication. */
    public record Login(String username, String password) implements Credentials {
        @Override
        public String toString() {
            return "user " + username;
        }
    }

    /** Whose certificates are believed. */
    public sealed interface Trust permits Authority, Fingerprint {}

    /** @param certificate PEM file of the authority that signed the server's certificate */
    public record Authority(Path certificate) implements Trust {}

    /** @param sha256 of the authority's certificate, hex, with or without colons */
    public record Fingerprint(String sha256) implements Trust {}

    /** The nodes, for messages. */
    String where() {
        return String.join(", ", urls.stream().map(URI::toString).toList());
    }
}
