package tickcast.streams.elasticsearch;

import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.elasticsearch.Lookup.Address;
import tickcast.streams.record.RecordJson;

/** Small named notes of a source in one index: the last one stays. Thread safe. */
final class Notes {

    private static final String PROBE = "archive.probe";

    private final Cluster cluster;
    private final Templates templates;
    private final Lookup lookup;
    private final String source;

    Notes(Cluster cluster, Templates templates, Lookup lookup, String source) {
        this.cluster = cluster;
        this.templates = templates;
        this.lookup = lookup;
        this.source = source;
    }

    CompletableFuture<Optional<String>> read(String name) {
        Address address = address(name);
        return lookup.get(Set.of(address), Documents.text("value"))
                .thenApply(found -> Optional.ofNullable(found.facts().get(address)));
    }

    CompletableFuture<Void> write(String name, String value) {
        BinaryData json = BinaryData.of(json(name, value), ContentType.APPLICATION_JSON);
        Address address = address(name);
        return templates
                .ensure()
                .thenCompose(ready -> cluster.call(() -> cluster.client()
                        .index(put ->
                                put.index(address.index()).id(address.id()).document(json))))
                .handle((done, failure) -> {
                    if (failure != null) {
                        templates.forget();
                        throw failed(Cluster.cause(failure));
                    }
                    return null;
                });
    }

    private static RuntimeException failed(Throwable cause) {
        return cause instanceof ArchiveUnavailable away
                ? away
                : new ArchiveUnavailable("a note can't be written: " + cause.getMessage(), cause);
    }

    /** Writes a mark and reads it again. Says at once when nobody answers. */
    CompletableFuture<Void> probe() {
        String mark = Long.toString(System.nanoTime());
        Address address = address(PROBE);
        return cluster.once(() -> cluster.client()
                        .exists(there -> there.index(address.index()).id(address.id())))
                .thenCompose(known -> write(PROBE, mark))
                .thenCompose(written -> read(PROBE))
                .thenAccept(read -> {
                    if (read.isEmpty()) {
                        throw new ArchiveUnavailable("wrote a mark but could not read it", null);
                    }
                });
    }

    private Address address(String name) {
        return new Address(cluster.settings().indexPrefix() + "-notes-1", source + "|" + name);
    }

    private byte[] json(String name, String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = RecordJson.factory().createGenerator(bytes)) {
            out.writeStartObject();
            RecordJson.text(out, "name", name);
            RecordJson.text(out, "source", source);
            RecordJson.text(out, "value", value);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
