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
import tickcast.streams.elasticsearch.Lookup.Found;
import tickcast.streams.elasticsearch.Refusals.Refusal;

/**
 * Lets the first published prediction of a symbol and as-of win, and the first of an id, without a transaction: looks what
 * is there, creates what is not, and where somebody else was first in between, looks again. A published one has the id of its
 * symbol and as-of, so that the server itself lets in only one. One whose place is taken by a document that can't be read
 * becomes a dead letter and counts as written. Thread safe.
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
    private final Refusals refusals;
    private final Documents<Prediction> documents = Documents.of(Kind.PREDICTIONS.codec());
    private final Encode encode;

    PredictionKeeper(Lookup lookup, BulkQueue queue, Refusals refusals, Encode encode) {
        this.lookup = lookup;
        this.queue = queue;
        this.refusals = refusals;
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
            Look look = new Look(stored);
            List<Prediction> answer = made.stream().map(look::settle).toList();
            return create(look.missing).thenCompose(all -> all ? kept(look, answer) : write(made, looks - 1));
        });
    }

    private CompletableFuture<List<Prediction>> kept(Look look, List<Prediction> answer) {
        return refusals.keep(look.blocked).thenApply(kept -> answer);
    }

    /** What is to be done after having looked what is there. */
    private final class Look {

        private final Map<Address, Prediction> known;
        private final Set<Address> unreadable;
        private final List<Document> missing = new ArrayList<>();
        private final List<Refusal> blocked = new ArrayList<>();

        Look(Found<Prediction> stored) {
            this.known = new HashMap<>(stored.facts());
            this.unreadable = stored.unreadable();
        }

        /** What a prediction becomes; a new one is known from now on. */
        private Prediction settle(Prediction made) {
            Prediction published = known.get(address(made.withPublished(true)));
            Prediction shadow = known.get(address(made.withPublished(false)));
            if (made.published()) {
                if (published != null) {
                    return published;
                }
                return keep(shadow == null ? made : shadow.withPublished(true));
            }
            if (published != null && published.id().equals(made.id())) {
                return published;
            }
            return shadow == null ? keep(made) : shadow;
        }

        private Prediction keep(Prediction prediction) {
            Address address = address(prediction);
            known.put(address, prediction);
            Document document = encode.document(prediction);
            if (unreadable.contains(address)) {
                blocked.add(new Refusal(document, "a document that can't be read has its place in " + address.index()));
            } else {
                missing.add(document);
            }
            return prediction;
        }
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
