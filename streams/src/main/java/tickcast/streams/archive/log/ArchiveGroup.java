package tickcast.streams.archive.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.MarketSource;
import tickcast.streams.kafka.KafkaAdmin;
import tickcast.streams.kafka.KafkaSettings;

/**
 * The consumer group that brings one source's records into one store, as others see how far it has come. The store itself
 * says which it is: what another one has learned from the log, or this one before it was emptied, says nothing about what
 * it knows. Thread safe.
 */
final class ArchiveGroup {

    private static final String NOTE = "log-group";

    private final KafkaAdmin admin;
    private final KafkaSettings settings;
    private final MarketSource source;
    private final Archive store;
    private volatile Optional<String> name = Optional.empty();

    ArchiveGroup(KafkaAdmin admin, KafkaSettings settings, MarketSource source, Archive store) {
        this.admin = admin;
        this.settings = settings;
        this.source = source;
        this.store = store;
    }

    /** {@code tickcast-archive-kraken-1f3a90c2}; empty until somebody has asked for {@link #committed} of this store. */
    static CompletionStage<Optional<String>> nameOf(MarketSource source, Archive store) {
        return store.note(NOTE).thenApply(note -> note.map(mark -> "tickcast-archive-" + source.key() + "-" + mark));
    }

    /** Gives the store a mark when it has none. Of two nodes that do it at the same time the later one counts. */
    private CompletionStage<String> name() {
        if (name.isPresent()) {
            return CompletableFuture.completedStage(name.get());
        }
        return nameOf(source, store)
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedStage(found)
                        : store.writeNote(NOTE, UUID.randomUUID().toString().substring(0, 8))
                                .thenCompose(written -> nameOf(source, store)))
                .thenApply(found -> found.orElseThrow(
                        () -> new ArchiveUnavailable("the store does not keep the note " + NOTE, null)));
    }

    /** Every partition that is archived, with its kind. */
    Map<TopicPartition, LogKind<?>> partitions() {
        Map<TopicPartition, LogKind<?>> partitions = new HashMap<>();
        for (LogKind<?> kind : LogKind.ALL) {
            IntStream.range(0, settings.partitions(kind.topic()))
                    .forEach(i -> partitions.put(new TopicPartition(settings.name(kind.topic()), i), kind));
        }
        return partitions;
    }

    /** The offsets before which everything is in the store; a partition of which nothing is there is absent. */
    CompletionStage<Map<TopicPartition, Long>> committed() {
        return name().thenCompose(group -> committed(group).thenApply(known -> {
            // As long as nothing is archived, another node may be about to give the store its mark.
            name = known.isEmpty() ? Optional.empty() : Optional.of(group);
            return known;
        }));
    }

    private CompletionStage<Map<TopicPartition, Long>> committed(String group) {
        return admin.client()
                .thenCompose(client -> client.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage())
                .thenApply(offsets -> {
                    Map<TopicPartition, Long> known = new HashMap<>();
                    offsets.forEach((partition, offset) -> {
                        if (offset != null) {
                            known.put(partition, offset.offset());
                        }
                    });
                    return known;
                });
    }

    /** The offsets that the next records will have. */
    CompletionStage<Map<TopicPartition, Long>> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        return admin.client()
                .thenCompose(client -> client.listOffsets(wanted).all().toCompletionStage())
                .thenApply(found -> {
                    Map<TopicPartition, Long> ends = new HashMap<>();
                    found.forEach((partition, end) -> ends.put(partition, end.offset()));
                    return ends;
                });
    }
}
