package tickcast.streams.kafka;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics that are missing and looks whether those that exist fit. */
public final class KafkaTopics {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaTopics.class);

    private KafkaTopics() {}

    /** A topic has another number of partitions than the settings say, and symbols live where their partition is read. */
    public static final class WrongPartitions extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongPartitions(String message) {
            super(message);
        }
    }

    /**
     * Completes when every topic exists. Existing ones keep their own retention and cleanup.
     *
     * <p>Fails with {@link WrongPartitions}, or with what Kafka says; then it may be tried again.
     */
    public static CompletionStage<Void> ensure(Admin admin, KafkaSettings settings) {
        return missing(admin, settings)
                .thenCompose(missing -> create(admin, settings, missing))
                .thenCompose(created -> describe(admin, settings))
                .thenAccept(found -> check(settings, found));
    }

    private static CompletionStage<Set<BusTopic>> missing(Admin admin, KafkaSettings settings) {
        return stage(admin.listTopics().names()).thenApply(names -> {
            Set<BusTopic> missing = EnumSet.allOf(BusTopic.class);
            missing.removeIf(topic -> names.contains(settings.name(topic)));
            return missing;
        });
    }

    private static CompletionStage<Void> create(Admin admin, KafkaSettings settings, Set<BusTopic> missing) {
        if (missing.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<NewTopic> topics = missing.stream()
                .map(topic -> new NewTopic(settings.name(topic), settings.partitions(topic), settings.replication())
                        .configs(settings.properties(topic)))
                .toList();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
            all = all.thenCombine(stage(created).handle(KafkaTopics::unlessItExists), (a, b) -> null);
        }
        return all.thenAccept(done -> LOG.info(
                "Created the topics {}", topics.stream().map(NewTopic::name).toList()));
    }

    /** Another node may have been quicker. */
    private static Void unlessItExists(Void created, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null || cause instanceof TopicExistsException) {
            return null;
        }
        throw new CompletionException(cause);
    }

    private static CompletionStage<Map<String, TopicDescription>> describe(Admin admin, KafkaSettings settings) {
        Collection<String> names = settings.topics().values().stream()
                .map(KafkaSettings.Topic::name)
                .toList();
        return stage(admin.describeTopics(names).allTopicNames());
    }

    private static void check(KafkaSettings settings, Map<String, TopicDescription> found) {
        for (BusTopic topic : BusTopic.values()) {
            TopicDescription description = found.get(settings.name(topic));
            if (description == null) {
                throw new UnknownTopicOrPartitionException("topic " + settings.name(topic) + " is not there yet");
            }
            int partitions = description.partitions().size();
            if (topic.isBySymbol() && partitions != settings.partitions()) {
                throw new WrongPartitions("topic " + settings.name(topic) + " has " + partitions
                        + " partitions, tickcast.kafka.partitions says " + settings.partitions()
                        + ": the number is fixed when a topic is created");
            }
        }
    }

    private static <T> CompletionStage<T> stage(KafkaFuture<T> future) {
        return future.toCompletionStage();
    }

    /** Properties of an admin client that gives up in time for people to be told. */
    public static Map<String, Object> adminProperties(KafkaSettings settings) {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.put("bootstrap.servers", settings.bootstrapServers());
        properties.putIfAbsent("request.timeout.ms", 3000);
        properties.putIfAbsent("default.api.timeout.ms", 4000);
        properties.putIfAbsent("reconnect.backoff.max.ms", 1000);
        return properties;
    }
}
