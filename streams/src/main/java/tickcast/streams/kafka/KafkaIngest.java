package tickcast.streams.kafka;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.typed.Cluster;
import akka.event.Logging;
import akka.kafka.AutoSubscription;
import akka.kafka.CommitDelivery;
import akka.kafka.CommitterSettings;
import akka.kafka.ConsumerMessage.CommittableMessage;
import akka.kafka.ConsumerMessage.CommittableOffset;
import akka.kafka.ConsumerSettings;
import akka.kafka.Subscriptions;
import akka.kafka.cluster.sharding.KafkaClusterSharding;
import akka.kafka.javadsl.Committer;
import akka.kafka.javadsl.Consumer;
import akka.stream.KillSwitches;
import akka.stream.RestartSettings;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.actors.market.Market;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.IngestMetrics;
import tickcast.streams.exchange.IngestSettings;
import tickcast.streams.exchange.MarketAsks;
import tickcast.streams.exchange.MarketsBehind;
import tickcast.streams.exchange.MarketsUnanswered;

/**
 * Feeds this node's markets from the trades topic: every partition is read on the node that holds its shard. Each
 * partition is a stream of its own that waits for its markets' answers; what is committed lets a market that starts again
 * remember the same minutes. What fails for good starts the reading again from there. Thread safe.
 */
public final class KafkaIngest {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaIngest.class);
    /** Of one partition, in trades or minutes: what may be under way at once, more or less. */
    private static final int UNDER_WAY = 80_000;
    /** Lots under way at once besides one for each symbol. */
    private static final int SPARE_LOTS = 16;

    private static final int SMALLEST_LOT = 500;
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    /**
     * What the records are given to.
     *
     * @param asks this node's way to the markets
     * @param rejected where unusable records go
     */
    public record Partners(MarketAsks asks, RejectedRecords rejected, KafkaWatch watch, IngestMetrics metrics) {}

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final MarketSource source;
    private final Partners partners;
    private final IngestSettings patience;
    private final InstantSource clock;
    private final Set<Symbol> symbols;
    private final TradesReader reader;
    /** This node's name in its group, for as long as its process lives. */
    private final String member;

    private final Counter consumed;
    private final Counter foreign;
    private final SharedKillSwitch main = KillSwitches.shared("kafka-ingest");
    private final AtomicReference<Consumer.Control> control = new AtomicReference<>(Consumer.createNoopControl());
    private final CompletionStage<Done> stopped;

    private KafkaIngest(
            ActorSystem<?> system,
            KafkaSettings settings,
            MarketSource source,
            Set<Symbol> symbols,
            Partners partners,
            MeterRegistry meters,
            IngestSettings patience,
            InstantSource clock) {
        this.system = system;
        this.settings = settings;
        this.source = source;
        this.partners = partners;
        this.patience = patience;
        this.clock = clock;
        this.symbols = Set.copyOf(symbols);
        this.reader = new TradesReader(source, symbols, clock);
        this.member = "node-"
                + Long.toUnsignedString(
                        Cluster.get(system).selfMember().uniqueAddress().longUid());
        this.consumed = Counter.builder("tickcast.kafka.consumed.records")
                .description("Records of the trades topic that were read")
                .register(meters);
        this.foreign = Counter.builder("tickcast.kafka.foreign.records")
                .description("Records of other market sources, which are skipped")
                .register(meters);
        partners.watch().noteDeleted(groupOf(source));
        this.stopped = Source.completionStageSource(
                        partners.watch().topicsReady().thenApply(ready -> restarting()))
                .via(main.flow())
                .toMat(Sink.ignore(), Keep.right())
                .run(system);
    }

    /** Starts reading as soon as the topics are there. */
    public static KafkaIngest start(
            ActorSystem<?> system,
            KafkaSettings settings,
            MarketSource source,
            Set<Symbol> symbols,
            Partners partners,
            MeterRegistry meters,
            IngestSettings patience,
            InstantSource clock) {
        return new KafkaIngest(system, settings, source, symbols, partners, meters, patience, clock);
    }

    /** {@code tickcast-ingest-kraken}. */
    static String groupOf(MarketSource source) {
        return "tickcast-ingest-" + source.key();
    }

    private Source<Done, NotUsed> restarting() {
        return RestartSource.onFailuresWithBackoff(
                RestartSettings.create(patience.restartDelay(), patience.longestRestartDelay(), 0.2)
                        .withLogSettings(RestartSettings.createLogSettings(Logging.DebugLevel())),
                this::oneRun);
    }

    private Source<Done, NotUsed> oneRun() {
        partners.asks().stragglers().begin(Set.of());
        return Consumer.committablePartitionedSource(consumerSettings(), subscription())
                .mapMaterializedValue(own -> {
                    control.set(own);
                    return NotUsed.getInstance();
                })
                .flatMapMerge(settings.partitions(), pair -> partition(pair.first(), pair.second()))
                .via(Committer.flow(committerSettings()))
                .watchTermination((notUsed, done) -> {
                    done.whenComplete((end, failure) -> ended(failure));
                    return notUsed;
                });
    }

    /**
     * While markets are busy, records are put together in lots. The panel of a minute needs every symbol's end of it, and
     * each may lie in a lot of its own: as many lots must fit.
     */
    private Source<CommittableOffset, NotUsed> partition(
            TopicPartition partition, Source<CommittableMessage<String, byte[]>, NotUsed> messages) {
        LOG.info("Reading {}", partition);
        int lots = symbols.size() + SPARE_LOTS;
        PartitionWork work = new PartitionWork(
                partition.partition(),
                partners.asks(),
                partners.rejected(),
                partners.watch(),
                partners.metrics(),
                Collections.min(symbols),
                clock);
        return messages.map(this::read)
                .batchWeighted(
                        Math.max(SMALLEST_LOT, UNDER_WAY / lots),
                        reading -> (long) reading.weight(),
                        KafkaIngest::listOf,
                        (list, reading) -> {
                            list.add(reading);
                            return list;
                        })
                .mapAsync(lots, work::work)
                .mapConcat(work::done)
                .watchTermination((notUsed, done) -> {
                    done.whenComplete((end, failure) -> work.end());
                    return notUsed;
                });
    }

    private Reading read(CommittableMessage<String, byte[]> message) {
        consumed.increment();
        Reading reading = reader.read(message);
        if (reading instanceof Reading.Foreign) {
            foreign.increment();
        }
        return reading;
    }

    private static List<Reading> listOf(Reading first) {
        List<Reading> list = new ArrayList<>();
        list.add(first);
        return list;
    }

    /**
     * A reading that begins again stays what it was to Kafka: if it left its group, the partitions and after them the markets
     * would move to another node and back, and each move begins a reading again.
     */
    private ConsumerSettings<String, byte[]> consumerSettings() {
        return Consumers.settings(system, settings).withGroupId(groupOf(source)).withGroupInstanceId(member);
    }

    private AutoSubscription subscription() {
        return Subscriptions.topics(settings.name(BusTopic.TRADES))
                .withRebalanceListener(Adapter.toClassic(
                        KafkaClusterSharding.get(Adapter.toClassic(system)).rebalanceListener(Market.TYPE_KEY)));
    }

    /** A commit that gets lost costs some repetition after a restart, so nothing waits for it. */
    private CommitterSettings committerSettings() {
        return CommitterSettings.create(system)
                .withMaxInterval(COMMIT_INTERVAL)
                .withDelivery(CommitDelivery.sendAndForget());
    }

    private void ended(Throwable failure) {
        if (failure == null) {
            return;
        }
        partners.metrics().restarted();
        String topic = settings.name(BusTopic.TRADES);
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof MarketsBehind behind) {
            LOG.info("Reading {} starts again: {}", topic, behind.getMessage());
        } else if (cause instanceof MarketsUnanswered unanswered) {
            LOG.warn("Reading {} starts again, no market answers: {}", topic, unanswered.getMessage());
        } else {
            LOG.error("Reading {} failed and will start again.", topic, failure);
        }
    }

    /**
     * Reads no more, lets what is under way finish, at most 2 s long, and stops. Only the consumer itself can be stopped: a
     * partition's stream that was ended from here would be begun again at once.
     */
    public CompletionStage<Done> stop() {
        CompletableFuture<Done> drained = stopped.toCompletableFuture()
                .copy()
                .completeOnTimeout(Done.getInstance(), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        control.get().stop();
        return drained.handle((done, failure) -> {
                    main.shutdown();
                    return control.get().shutdown();
                })
                .thenCompose(closing -> closing)
                .thenCompose(done -> leave());
    }

    /** Who does not say goodbye is waited for as if it had been killed. */
    private CompletionStage<Done> leave() {
        Admin admin = Admin.create(KafkaTopics.adminProperties(settings));
        var farewell = new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove(member)));
        return admin.removeMembersFromConsumerGroup(groupOf(source), farewell)
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (left, failure) -> {
                            admin.close(GOODBYE);
                            if (failure != null) {
                                LOG.info("The group waits for this node's session to end: {}", failure.toString());
                            }
                            return Done.getInstance();
                        },
                        system.executionContext());
    }
}
