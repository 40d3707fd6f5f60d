package tickcast.http.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.RecipientRef;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import tickcast.actors.market.Market;
import tickcast.actors.sentiment.SentimentAnalyst;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.NewsItem;
import tickcast.streams.archive.DeadLetters;
import tickcast.streams.archive.log.Archiver;
import tickcast.streams.archive.log.KafkaArchive;
import tickcast.streams.exchange.FeedSingleton;
import tickcast.streams.exchange.Ingest;
import tickcast.streams.exchange.IngestMetrics;
import tickcast.streams.exchange.IngestSettings;
import tickcast.streams.exchange.MarketAsks;
import tickcast.streams.exchange.Stragglers;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaIngest;
import tickcast.streams.kafka.KafkaNews;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.KafkaTopics;
import tickcast.streams.kafka.KafkaWatch;
import tickcast.streams.kafka.NewsWriter;
import tickcast.streams.kafka.RecordWriter;
import tickcast.streams.kafka.RejectedRecords;
import tickcast.streams.kafka.Settlement;
import tickcast.streams.kafka.TopicDelivery;
import tickcast.streams.news.NewsIngest;

/** One node's part of {@code BUS=kafka}: each is stopped in its phase of the coordinated shutdown. */
final class Bus {

    /** How long a start waits to hear from Kafka whether its topics fit; afterwards it goes on without. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

    private static final Duration LAST_RECORDS = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final MarketSource source;
    private final MeterRegistry meters;
    private final InstantSource wall;
    private final KafkaWatch watch;
    private final RecordWriter writer;
    private final RejectedRecords rejected;
    /** Fills the store; never completes where other nodes do. */
    private CompletionStage<Archiver> archiver = new CompletableFuture<>();

    Bus(ActorSystem<?> system, KafkaSettings settings, MarketSource source, MeterRegistry meters, InstantSource wall) {
        this.system = system;
        this.settings = settings;
        this.source = source;
        this.meters = meters;
        this.wall = wall;
        this.watch = KafkaWatch.start(system, settings, meters, wall);
        this.writer = new RecordWriter(settings, "tickcast-node", meters);
        watch.attend(writer::trouble);
        this.rejected = new RejectedRecords(writer, settings.name(BusTopic.REJECTED), meters, wall);
        atShutdown(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-kafka", () -> {
            watch.close();
            writer.close();
            return done();
        });
    }

    /** Completes when Kafka has answered, or after some seconds without an answer. @throws WrongSetting as failure */
    CompletionStage<Done> firstAnswer() {
        return watch.topicsReady()
                .toCompletableFuture()
                .completeOnTimeout(Done.getInstance(), FIRST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause instanceof KafkaTopics.WrongPartitions) {
                        throw new WrongSetting(
                                "tickcast.kafka.partitions",
                                Integer.toString(settings.partitions()),
                                "what the topics have: " + cause.getMessage());
                    }
                    throw new CompletionException(cause);
                });
    }

    /**
     * The archive whose truth is the log.
     *
     * @param store closed with the archive
     * @param filling whether this node has its share in bringing the log into the store; at its end it gives the store
     *     some seconds to learn the rest, which otherwise waits in the log
     */
    Archive archive(Archive store, boolean filling) {
        KafkaArchive log = KafkaArchive.open(settings, source, store, KafkaArchive.Memory.USUAL, meters);
        if (filling) {
            fill(store, log);
        }
        return log;
    }

    private void fill(Archive store, KafkaArchive log) {
        archiver = watch.topicsReady()
                .thenApply(ready -> Archiver.start(system, settings, source, store, rejected, meters, wall));
        atShutdown(
                CoordinatedShutdown.PhaseClusterShutdown(),
                "stop-archiving",
                () -> log.archived()
                        .toCompletableFuture()
                        .copy()
                        .completeOnTimeout(null, LAST_RECORDS.toMillis(), TimeUnit.MILLISECONDS)
                        .handle((archived, failure) ->
                                archiver.toCompletableFuture().isDone() ? archiver.thenCompose(Archiver::stop) : done())
                        .thenCompose(stopping -> stopping));
    }

    /** How it stands with bringing the log into the store, in one line for operators. */
    String archiving() {
        CompletableFuture<Archiver> own = archiver.toCompletableFuture();
        if (!own.isDone() || own.isCompletedExceptionally()) {
            return "This node has not begun it.";
        }
        String trouble = own.join().trouble();
        return trouble.isEmpty() ? "The store gets what the log has." : trouble;
    }

    /** Where what the store behind the log refuses goes. */
    DeadLetters deadLetters() {
        return rejected.deadLetters();
    }

    /** For readiness: fails with what is wrong. */
    CompletionStage<Done> probe() {
        return watch.probe();
    }

    /** The feed, on one node of the cluster, writes into the log; every node reads its partitions into its markets. */
    FeedSingleton feed(
            String role,
            TradeFeed feed,
            Archive archive,
            Function<Symbol, ? extends RecipientRef<Market.Command>> markets,
            Consumer<Published> publish) {
        feed.heed(watch::trouble);
        IngestSettings patience = IngestSettings.defaults();
        IngestMetrics metrics = new IngestMetrics(meters);
        MarketAsks asks = new MarketAsks(system, markets, patience, metrics);
        KafkaIngest reading = KafkaIngest.start(
                system,
                settings,
                source,
                Set.copyOf(feed.symbols()),
                new KafkaIngest.Partners(asks, rejected, watch, metrics),
                meters,
                patience,
                wall);
        FeedSingleton own = FeedSingleton.init(
                system, role, () -> startFeed(feed, archive, asks.stragglers(), publish, metrics, patience));
        atShutdown(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "stop-feed", own::stop);
        atShutdown(CoordinatedShutdown.PhaseServiceUnbind(), "stop-reading", reading::stop);
        return own;
    }

    private Ingest startFeed(
            TradeFeed feed,
            Archive archive,
            Stragglers stragglers,
            Consumer<Published> publish,
            IngestMetrics metrics,
            IngestSettings patience) {
        TopicDelivery delivery = new TopicDelivery(
                writer,
                settings.name(BusTopic.TRADES),
                feed.symbols(),
                source,
                wall.millis(),
                new Settlement(system, archive),
                stragglers);
        Ingest ingest = Ingest.start(system, feed, archive, delivery, publish, metrics, patience, wall);
        Runnable forget = watch.onChange(ingest::obstructed);
        ingest.stopped().whenComplete((done, failure) -> forget.run());
        return ingest;
    }

    /** Headlines of the topic are scored here. @param items this node's own, which take the same way; may be empty */
    void news(ActorRef<SentimentAnalyst.Command> analyst, Source<NewsItem, ?> items) {
        NewsIngest scoring = new NewsIngest(system, analyst, NewsIngest.Settings.standard(), meters);
        KafkaNews news = new KafkaNews(system, settings, source, watch, rejected);
        news.read(scoring::analyse);
        UniqueKillSwitch reader = new NewsWriter(system, writer, settings, source, meters)
                .graph(items)
                .run(system);
        atShutdown(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "stop-news", () -> {
            reader.shutdown();
            news.stop();
            return done();
        });
    }

    private static CompletionStage<Done> done() {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    private void atShutdown(String phase, String task, Supplier<CompletionStage<Done>> work) {
        CoordinatedShutdown.get(system).addTask(phase, task, work);
    }
}
