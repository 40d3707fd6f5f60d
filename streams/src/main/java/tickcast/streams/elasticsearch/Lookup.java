package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch.core.MgetRequest;
import co.elastic.clients.elasticsearch.core.mget.MultiGetError;
import co.elastic.clients.elasticsearch.core.mget.MultiGetOperation;
import co.elastic.clients.elasticsearch.core.mget.MultiGetResponseItem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/** Gets documents by id. That sees every completed write without a refresh. Thread safe. */
final class Lookup {

    /** Where a document lies. */
    record Address(String index, String id) {}

    /**
     * What was found.
     *
     * @param facts by address; none where there is no document
     * @param unreadable where there is a document that is no such record
     */
    record Found<T>(Map<Address, T> facts, Set<Address> unreadable) {}

    private static final String NO_SUCH_INDEX = "index_not_found_exception";

    private final Cluster cluster;

    Lookup(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What is there. */
    <T> CompletableFuture<Found<T>> get(Set<Address> addresses, Documents<T> documents) {
        if (addresses.isEmpty()) {
            return CompletableFuture.completedFuture(new Found<>(Map.of(), Set.of()));
        }
        List<Address> all = List.copyOf(addresses);
        MgetRequest request = MgetRequest.of(get -> get.docs(all.stream()
                .map(at -> MultiGetOperation.of(one -> one.index(at.index()).id(at.id())))
                .toList()));
        return cluster.call(() -> cluster.transport()
                        .performRequestAsync(request, MgetRequest.createMgetEndpoint(documents), null))
                .thenApply(response -> found(all, response.docs()));
    }

    private static <T> Found<T> found(List<Address> all, List<MultiGetResponseItem<Optional<T>>> items) {
        Map<Address, T> facts = new HashMap<>();
        Set<Address> unreadable = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            MultiGetResponseItem<Optional<T>> item = items.get(i);
            if (item.isFailure()) {
                requireAbsentIndex(item.failure());
            } else if (item.result().found() && item.result().source() != null) {
                Address address = all.get(i);
                item.result().source().ifPresentOrElse(fact -> facts.put(address, fact), () -> unreadable.add(address));
            }
        }
        return new Found<>(facts, unreadable);
    }

    private static void requireAbsentIndex(MultiGetError failure) {
        if (!NO_SUCH_INDEX.equals(failure.error().type())) {
            throw new ArchiveUnavailable(
                    "a record can't be read: " + failure.error().type() + ": "
                            + failure.error().reason(),
                    null);
        }
    }
}
