package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch.indices.PutIndexTemplateRequest;
import co.elastic.clients.elasticsearch.indices.PutMappingRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Index templates with strict mappings: what they don't name is refused. They are put once after the start and after every
 * outage; the mappings also to the indices that are there, so that the format may grow. Thread safe.
 */
final class Templates {

    private static final Logger LOG = LoggerFactory.getLogger(Templates.class);
    private static final String TEMPLATE = """
            {
              "index_patterns": ["%1$s-*"],
              "priority": 200,
              "template": {
                "aliases": {"%1$s": {}},
                "settings": {
                  "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "5s" %2$s}
                },
                "mappings": %3$s
              }
            }
            """;
    /** Candles are read by the thousand: neighbours in time lie beside each other on disk. */
    private static final String SORTED =
            ", \"sort\": {\"field\": [\"source\", \"symbol\", \"openTime\"], \"order\": [\"asc\", \"asc\", \"asc\"]}";

    private final Cluster cluster;
    private CompletableFuture<Void> installed = CompletableFuture.failedFuture(new IllegalStateException("not yet"));

    Templates(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Completes when the templates are there. */
    synchronized CompletableFuture<Void> ensure() {
        if (installed.isCompletedExceptionally()) {
            installed = install();
        }
        return installed;
    }

    /** The server was away; perhaps another one comes back. */
    synchronized void forget() {
        if (installed.isDone()) {
            installed = CompletableFuture.failedFuture(new IllegalStateException("forgotten"));
        }
    }

    private CompletableFuture<Void> install() {
        String prefix = cluster.settings().indexPrefix();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(put(prefix + "-notes", resource("notes"), ""));
        all.add(put(prefix + "-models", resource("models"), "")
                .thenCompose(put -> extend(prefix + "-models-*", resource("models"))));
        for (Kind<?> kind : Kind.ALL) {
            all.add(put(kind.alias(prefix), resource(kind.name()), kind == Kind.CANDLES ? SORTED : "")
                    .thenCompose(put -> extend(kind.pattern(prefix), resource(kind.name()))));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<Void> put(String name, String mappings, String sorted) {
        String json = TEMPLATE.formatted(name, sorted, mappings);
        PutIndexTemplateRequest request =
                PutIndexTemplateRequest.of(put -> put.name(name).withJson(new StringReader(json)));
        return cluster.call(() -> cluster.client().indices().putIndexTemplate(request))
                .thenApply(done -> null);
    }

    /** New fields for the indices that are there. One whose mapping was made otherwise stays as it is: it will refuse. */
    private CompletableFuture<Void> extend(String indices, String mappings) {
        PutMappingRequest request = PutMappingRequest.of(put ->
                put.index(indices).ignoreUnavailable(true).allowNoIndices(true).withJson(new StringReader(mappings)));
        CompletableFuture<Void> extended = cluster.call(
                        () -> cluster.client().indices().putMapping(request))
                .thenApply(done -> null);
        return extended.exceptionally(failure -> {
            if (!(Cluster.cause(failure) instanceof Cluster.Refused refused)) {
                throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
            }
            if (refused.status != 404) {
                LOG.warn("The mapping of {} can't be brought up to date: {}", indices, refused.getMessage());
            }
            return null;
        });
    }

    private static String resource(String name) {
        try (InputStream in = Templates.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no mapping of " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
