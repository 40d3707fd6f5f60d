package tickcast.streams.archive.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import tickcast.model.market.MarketSource;
import tickcast.streams.kafka.KafkaSettings;

/** The consumer group that brings one source's records into its store, as others see how far it has come. Thread safe. */
final class ArchiveGroup {

    private final Admin admin;
    private final KafkaSettings settings;
    private final String group;

    ArchiveGroup(Admin admin, KafkaSettings settings, MarketSource source) {
        this.admin = admin;
        this.settings = settings;
        this.group = name(source);
    }

    /** {@code tickcast-archive-kraken}. */
    static String name(MarketSource source) {
        return "tickcast-archive-" + source.key();
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
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage()
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
        return admin.listOffsets(wanted).all().toCompletionStage().thenApply(found -> {
            Map<TopicPartition, Long> ends = new HashMap<>();
            found.forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        });
    }
}
