package tickcast.streams.kafka;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.kafka.CommitDelivery;
import akka.kafka.CommitterSettings;
import akka.kafka.ConsumerMessage.CommittableMessage;
import akka.kafka.ConsumerMessage.CommittableOffset;
import akka.kafka.Subscriptions;
import akka.kafka.javadsl.Committer;
import akka.kafka.javadsl.Consumer;
import akka.stream.KillSwitches;
import akka.stream.RestartSettings;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import tickcast.model.market.MarketSource;
import tickcast.model.sentiment.NewsItem;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.NewsCodec;

/**
 * Headlines by way of the news topic: whoever publishes there is heard, this system's own {@link NewsWriter} too. Headlines are about
 * the world, not about one market source, so that every source scores all of them. Thread safe.
 */
public final class KafkaNews {

    private static final int BATCH = 24;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final MarketSource source;
    private final KafkaWatch watch;
    private final RejectedRecords rejected;
    private final SharedKillSwitch tap = KillSwitches.shared("kafka-news");

    public KafkaNews(
            ActorSystem<?> system,
            KafkaSettings settings,
            MarketSource source,
            KafkaWatch watch,
            RejectedRecords rejected) {
        this.system = system;
        this.settings = settings;
        this.source = source;
        this.watch = watch;
        this.rejected = rejected;
    }

    /** Reads the topic for ever. @param score has headlines scored; the offset moves when it has completed */
    public void read(Function<List<NewsItem>, CompletionStage<Done>> score) {
        Source.completionStageSource(watch.topicsReady().thenApply(ready -> restarting(score)))
                .via(tap.flow())
                .runWith(Sink.ignore(), system);
    }

    /** Ends the reading. */
    public void stop() {
        tap.shutdown();
    }

    private Source<Done, NotUsed> restarting(Function<List<NewsItem>, CompletionStage<Done>> score) {
        return RestartSource.onFailuresWithBackoff(
                RestartSettings.create(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2),
                () -> Consumer.committableSource(
                                Consumers.settings(system, settings).withGroupId("tickcast-news-" + source.key()),
                                Subscriptions.topics(settings.name(BusTopic.NEWS)))
                        .mapMaterializedValue(control -> NotUsed.getInstance())
                        .groupedWithin(BATCH, LINGER)
                        .mapAsync(1, batch -> settle(batch, score))
                        .via(Committer.flow(CommitterSettings.create(system)
                                .withMaxInterval(LINGER)
                                .withDelivery(CommitDelivery.sendAndForget()))));
    }

    private CompletionStage<CommittableOffset> settle(
            List<CommittableMessage<String, byte[]>> batch, Function<List<NewsItem>, CompletionStage<Done>> score) {
        List<NewsItem> items = new ArrayList<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (CommittableMessage<String, byte[]> message : batch) {
            Pair<Optional<NewsItem>, String> read = decode(message.record().value());
            read.first()
                    .ifPresentOrElse(
                            items::add,
                            () -> all.add(rejected.reject(message.record(), read.second())
                                    .toCompletableFuture()));
        }
        if (!items.isEmpty()) {
            all.add(score.apply(items).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> batch.get(batch.size() - 1).committableOffset());
    }

    private static Pair<Optional<NewsItem>, String> decode(byte[] value) {
        if (value == null) {
            return Pair.create(Optional.empty(), "the record has no value");
        }
        try {
            return Pair.create(Optional.of(NewsCodec.NEWS.decode(value).fact()), "");
        } catch (MalformedRecord e) {
            return Pair.create(Optional.empty(), e.getMessage());
        }
    }
}
