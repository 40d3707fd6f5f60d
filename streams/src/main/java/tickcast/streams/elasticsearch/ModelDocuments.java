package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.OpType;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.GetResponse;
import co.elastic.clients.elasticsearch.core.IndexRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/**
 * The documents of the index of models: got by id, which sees every completed write, and written on conditions that the
 * server itself watches. Blocking; thread safe. Fails with {@link ArchiveUnavailable}.
 */
final class ModelDocuments {

    static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final Duration LONGEST_CALL = Duration.ofSeconds(60);
    private static final int PAGE = 100;
    /** Greater than every version, and a number that JSON carries exactly. */
    private static final long BEYOND = 1L << 53;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    /** A document as it was read. */
    record Stored(ObjectNode fields, long sequence, long term) {}

    private final Cluster cluster;
    private final Templates templates;
    private final String index;

    ModelDocuments(Cluster cluster) {
        this.cluster = cluster;
        this.templates = new Templates(cluster);
        this.index = cluster.settings().indexPrefix() + "-models-1";
    }

    Optional<Stored> get(String id) {
        try {
            GetResponse<ObjectNode> found = outcome(cluster.call(
                    () -> cluster.client().get(get -> get.index(index).id(id), ObjectNode.class)));
            return found.found() && found.source() != null
                    ? Optional.of(new Stored(found.source(), found.seqNo(), found.primaryTerm()))
                    : Optional.empty();
        } catch (Cluster.Refused refused) {
            if (refused.status == NOT_FOUND) {
                return Optional.empty();
            }
            throw new ArchiveUnavailable("models can't be read: " + refused.getMessage(), refused);
        }
    }

    /** Writes what is the same whoever writes it. */
    void put(String id, ObjectNode fields) {
        if (!write(id, fields, new IndexRequest.Builder<>())) {
            throw new ArchiveUnavailable("others keep writing " + id, null);
        }
    }

    /** Returns false when there is one of that id. */
    boolean create(String id, ObjectNode fields) {
        return write(id, fields, new IndexRequest.Builder<BinaryData>().opType(OpType.Create));
    }

    /** Returns false when it is no longer the one that was read. */
    boolean replace(String id, ObjectNode fields, Stored read) {
        return write(
                id,
                fields,
                new IndexRequest.Builder<BinaryData>().ifSeqNo(read.sequence()).ifPrimaryTerm(read.term()));
    }

    /** An answer may be lost and the request repeated: a conflict with one's own mark is none. */
    private boolean write(String id, ObjectNode fields, IndexRequest.Builder<BinaryData> condition) {
        String mark = UUID.randomUUID().toString();
        IndexRequest<BinaryData> request = condition
                .index(index)
                .id(id)
                .document(BinaryData.of(bytes(fields.put("by", mark)), ContentType.APPLICATION_JSON))
                .build();
        try {
            outcome(templates
                    .ensure()
                    .thenCompose(ready -> cluster.call(() -> cluster.client().index(request))));
            return true;
        } catch (Cluster.Refused refused) {
            if (refused.status == CONFLICT) {
                return get(id).filter(now -> mark.equals(now.fields().path("by").asText()))
                        .isPresent();
            }
            templates.forget();
            throw new ArchiveUnavailable("models can't be written: " + refused.getMessage(), refused);
        } catch (ArchiveUnavailable away) {
            templates.forget();
            throw away;
        }
    }

    private static byte[] bytes(ObjectNode fields) {
        try {
            return JSON.writeValueAsBytes(fields);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("JSON can always be written", bug);
        }
    }

    /** Documents that match, those of the greatest {@code version} first. */
    List<ObjectNode> newest(List<Query> all, int most) {
        await(cluster.call(() -> cluster.client()
                .indices()
                .refresh(refresh -> refresh.index(index).ignoreUnavailable(true).allowNoIndices(true))));
        List<ObjectNode> found = new ArrayList<>();
        long below = BEYOND;
        while (found.size() < most) {
            int size = Math.min(PAGE, most - found.size());
            List<Hit<ObjectNode>> page = page(all, below, size);
            for (Hit<ObjectNode> hit : page) {
                found.add(hit.source());
                below = hit.source().path("version").asLong();
            }
            if (page.size() < size) {
                break;
            }
        }
        return found;
    }

    private List<Hit<ObjectNode>> page(List<Query> all, long below, int size) {
        Query older = Query.of(any -> any.range(
                range -> range.number(number -> number.field("version").lt((double) below))));
        SearchResponse<ObjectNode> found = await(cluster.call(() -> cluster.client()
                .search(
                        search -> search.index(index)
                                .ignoreUnavailable(true)
                                .allowNoIndices(true)
                                .size(size)
                                .allowPartialSearchResults(false)
                                .query(both ->
                                        both.bool(bool -> bool.filter(all).filter(older)))
                                .sort(by ->
                                        by.field(field -> field.field("version").order(SortOrder.Desc))),
                        ObjectNode.class)));
        return found.hits().hits();
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return outcome(answer);
        } catch (Cluster.Refused refused) {
            throw new ArchiveUnavailable("models can't be read: " + refused.getMessage(), refused);
        }
    }

    /** As above. @throws Cluster.Refused when the server refuses the request itself */
    private static <T> T outcome(CompletableFuture<T> answer) {
        try {
            return answer.get(LONGEST_CALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Cluster.cause(e.getCause());
            throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
        } catch (TimeoutException e) {
            throw new ArchiveUnavailable("Elasticsearch does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveUnavailable("interrupted while Elasticsearch was waited for", e);
        }
    }
}
