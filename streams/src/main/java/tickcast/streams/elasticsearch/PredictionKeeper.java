package tickcast.streams.elasticsearch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.forecast.Prediction;
import tickcast.streams.elasticsearch.BulkWriter.Document;
import tickcast.streams.elasticsearch.BulkWriter.Outcome;
import tickcast.streams.elasticsearch.Lookup.Address;

/**
 * Lets the first published prediction of a symbol and as-of win, and the first of an id, without a transaction: looks what
 * is there, creates what is not, and where somebody else was first in between, looks again. A published one has the id of its
 * symbol and as-of, so that the server itself lets in only one. Thread safe.
 */
final class PredictionKeeper {

    private static final int MOST_LOOKS = 5;

    /** Where a prediction lies, and its document. */
    interface Encode {
        Address address(Prediction prediction);

        Document document(Prediction prediction);
    }

    private final Lookup lookup;
    private final BulkQueue queue;
    private final Documents<Prediction> documents = Documents.of(Kind.PREDICTIONS.codec());
    private final Encode encode;

    PredictionKeeper(Lookup lookup, BulkQueue queue, Encode encode) {
        this.lookup = lookup;
        this.queue = queue;
        this.encode = encode;
    }

    /** What is stored for each, in order. */
    CompletableFuture<List<Prediction>> write(List<Prediction> made) {
        return write(made, MOST_LOOKS);
    }

    private CompletableFuture<List<Prediction>> write(List<Prediction> made, int looks) {
        if (looks == 0) {
            return CompletableFuture.failedFuture(
                    new ArchiveUnavailable("others keep writing the same predictions", null));
        }
        Set<Address> addresses = new HashSet<>();
        for (Prediction prediction : made) {
            addresses.add(address(prediction.withPublished(true)));
            addresses.add(address(prediction.withPublished(false)));
        }
        return lookup.get(addresses, documents).thenCompose(stored -> {
            Map<Address, Prediction> known = new HashMap<>(stored);
            List<Document> missing = new ArrayList<>();
            List<Prediction> answer = new ArrayList<>(made.size());
            made.forEach(prediction -> answer.add(settle(prediction, known, missing)));
            return create(missing)
                    .thenCompose(all ->
                            all ? CompletableFuture.completedFuture(List.copyOf(answer)) : write(made, looks - 1));
        });
    }

    /** What a prediction becomes; a new one is added to both. */
    private Prediction settle(Prediction made, Map<Address, Prediction> known, List<Document> missing) {
        Prediction published = known.get(address(made.withPublished(true)));
        Prediction shadow = known.get(address(made.withPublished(false)));
        if (made.published()) {
            if (published != null) {
                return published;
            }
            return keep(shadow == null ? made : shadow.withPublished(true), known, missing);
        }
        if (published != null && published.id().equals(made.id())) {
            return published;
        }
        return shadow == null ? keep(made, known, missing) : shadow;
    }

    private Prediction keep(Prediction prediction, Map<Address, Prediction> known, List<Document> missing) {
        known.put(address(prediction), prediction);
        missing.add(encode.document(prediction));
        return prediction;
    }

    private Address address(Prediction prediction) {
        return encode.address(prediction);
    }

    /** Whether nobody else was first with any of them. */
    private CompletableFuture<Boolean> create(List<Document> missing) {
        return missing.isEmpty()
                ? CompletableFuture.completedFuture(true)
                : queue.submit(missing).thenApply(outcomes -> !outcomes.contains(Outcome.WAS_THERE));
    }
}
