package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelReadme;
import tickcast.model.registry.ModelRegistry.ModelRejected;
import tickcast.streams.archive.ModelShelf;
import tickcast.streams.elasticsearch.ModelDocuments.Stored;

/**
 * The models of one market source in Elasticsearch, index {@code <prefix>-models-1}, shared by all nodes. A version is a
 * document that only one can create, written after the pieces of its files, so that it is there whole or not at all. The
 * pieces are addressed by the model's digest: writing them again changes nothing. The state is one document, replaced only
 * by whoever has read the newest. Never searched for content: that is kept, not indexed.
 */
public final class ElasticsearchShelf implements ModelShelf {

    static final int PIECE_BYTES = 4 << 20;
    static final long MOST_BYTES = 256L << 20;
    private static final int MOST_TRIES = 100;

    private final Cluster cluster;
    private final ModelDocuments documents;
    private final String source;

    private ElasticsearchShelf(Cluster cluster, String source) {
        this.cluster = cluster;
        this.documents = new ModelDocuments(cluster);
        this.source = source;
    }

    /**
     * Does not wait for the server.
     *
     * @throws IllegalArgumentException when the settings make no sense, for instance a certificate that can't be read
     */
    public static ElasticsearchShelf open(ElasticsearchSettings settings, MarketSource source, MeterRegistry metrics) {
        Counter retries = Counter.builder("tickcast_registry_retries_total")
                .description("requests to the store of models that were sent again")
                .register(metrics);
        return new ElasticsearchShelf(new Cluster(settings, retries::increment), source.key());
    }

    // ---- versions

    @Override
    public long newest() {
        return documents.newest(versions(), 1).stream()
                .mapToLong(version -> version.path("version").asLong())
                .findFirst()
                .orElse(0);
    }

    private List<Query> versions() {
        return List.of(
                Query.of(any -> any.term(term -> term.field("source").value(source))),
                Query.of(any -> any.term(term -> term.field("kind").value("version"))));
    }

    private String versionId(String version) {
        return source + "|version|" + version;
    }

    private String pieceId(String digest, String name, int piece) {
        return source + "|piece|" + digest + "|" + name + "|" + piece;
    }

    @Override
    public boolean has(String version) {
        return documents.get(versionId(version)).isPresent();
    }

    @Override
    public Optional<Map<String, byte[]>> description(String version) {
        return documents.get(versionId(version)).map(stored -> described(stored.fields()));
    }

    @Override
    public SortedMap<Long, Map<String, byte[]>> descriptions() {
        SortedMap<Long, Map<String, byte[]>> all = new TreeMap<>(Comparator.reverseOrder());
        documents
                .newest(versions(), Integer.MAX_VALUE)
                .forEach(version -> all.put(version.path("version").asLong(), described(version)));
        return all;
    }

    private static Map<String, byte[]> described(ObjectNode version) {
        Map<String, byte[]> described = new TreeMap<>();
        version.path("description")
                .properties()
                .forEach(file ->
                        described.put(file.getKey(), file.getValue().asText().getBytes(StandardCharsets.UTF_8)));
        return described;
    }

    @Override
    public boolean put(String version, Map<String, byte[]> files, Map<String, byte[]> description) {
        String digest = ModelDigest.of(files);
        ObjectNode document = document("version").put("version", Long.parseLong(version));
        document.put("digest", digest);
        ArrayNode manifest = document.putArray("files");
        new TreeMap<>(files).forEach((name, bytes) -> {
            manifest.addObject().put("name", name).put("bytes", bytes.length);
            putPieces(digest, name, bytes);
        });
        ObjectNode texts = document.putObject("description");
        description.forEach((name, bytes) -> {
            if (!name.equals(ModelReadme.FILE)) {
                texts.put(name, new String(bytes, StandardCharsets.UTF_8));
            }
        });
        return documents.create(versionId(version), document);
    }

    private void putPieces(String digest, String name, byte[] bytes) {
        for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
            byte[] content = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE_BYTES));
            ObjectNode piece = document("piece").put("digest", digest).put("name", name);
            documents.put(pieceId(digest, name, from / PIECE_BYTES), piece.put("content", content));
        }
    }

    private ObjectNode document(String kind) {
        return ModelDocuments.JSON.createObjectNode().put("source", source).put("kind", kind);
    }

    @Override
    public Map<String, byte[]> files(String version) {
        ObjectNode document = documents
                .get(versionId(version))
                .map(Stored::fields)
                .orElseThrow(() -> new ModelRejected("there is no model version '" + version + "'"));
        String digest = document.path("digest").asText();
        long bytes = 0;
        for (JsonNode file : document.path("files")) {
            long size = file.path("bytes").asLong(-1);
            bytes += size;
            if (size < 0 || bytes > MOST_BYTES) {
                throw new ModelRejected("the list of the files of model " + version + " is damaged");
            }
        }
        Map<String, byte[]> files = new TreeMap<>();
        for (JsonNode file : document.path("files")) {
            String name = file.path("name").asText();
            files.put(name, pieces(version, digest, name, file.path("bytes").asInt()));
        }
        return files;
    }

    private byte[] pieces(String version, String digest, String name, int size) {
        byte[] bytes = new byte[size];
        for (int from = 0; from < size; from += PIECE_BYTES) {
            byte[] content = documents
                    .get(pieceId(digest, name, from / PIECE_BYTES))
                    .flatMap(ElasticsearchShelf::content)
                    .orElse(new byte[0]);
            if (content.length != Math.min(PIECE_BYTES, size - from)) {
                throw new ModelRejected("the files of model " + version + " are damaged: " + name + " is not whole");
            }
            System.arraycopy(content, 0, bytes, from, content.length);
        }
        return bytes;
    }

    /** Empty when it is no Base64. */
    private static Optional<byte[]> content(Stored piece) {
        try {
            return Optional.ofNullable(piece.fields().path("content").binaryValue());
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    // ---- the state

    private String stateId() {
        return source + "|state";
    }

    @Override
    public Optional<byte[]> state() {
        return documents.get(stateId()).map(ElasticsearchShelf::state);
    }

    private static byte[] state(Stored document) {
        return document.fields().path("state").asText().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <T> T change(Function<Optional<byte[]>, Next<T>> step) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Stored> read = documents.get(stateId());
            Next<T> next = step.apply(read.map(ElasticsearchShelf::state));
            if (next.state().isEmpty() || write(next.state().get(), read)) {
                return next.answer();
            }
        }
        throw new ArchiveUnavailable("others keep changing the registry", null);
    }

    private boolean write(byte[] state, Optional<Stored> read) {
        ObjectNode document = document("state").put("state", new String(state, StandardCharsets.UTF_8));
        return read.map(before -> documents.replace(stateId(), document, before))
                .orElseGet(() -> documents.create(stateId(), document));
    }

    /** Others are held off by the conditions on which documents are written. */
    @Override
    public <T> T inTurn(Supplier<T> work) {
        return work.get();
    }

    /** There is no page: an exported version has one. */
    @Override
    public void describe(String version, Supplier<byte[]> readme) {
        // nothing to bring up to date
    }

    @Override
    public void close() {
        cluster.close();
    }

    @Override
    public String toString() {
        return "Elasticsearch at " + cluster.settings().where();
    }
}
