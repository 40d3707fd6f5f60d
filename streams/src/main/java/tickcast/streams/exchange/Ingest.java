package tickcast.streams.exchange;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.RecipientRef;
import akka.event.Logging;
import akka.stream.KillSwitches;
import akka.stream.RestartSettings;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.actors.market.Market;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.HistoryAdvanced;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/**
 * Runs a feed into the markets: prepares it, then hands over one event at a time and waits for every answer, so that
 * back-pressure reaches the source and no trade or minute is skipped. What fails for good starts the feed again, after a
 * growing pause, from what the archive has. Thread safe.
 */
public final class Ingest {

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
    private static final long GATHERED = 2000;
    private static final long WEIGHT_OF_A_MINUTE = 100;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final TradeFeed feed;
    private final Archive archive;
    private final Consumer<Published> publish;
    private final IngestSettings settings;
    private final IngestMetrics metrics;
    private final InstantSource clock;
    private final Delivery delivery;
    private final SharedKillSwitch tap = KillSwitches.shared("feed");
    private final SharedKillSwitch main = KillSwitches.shared("ingest");
    private final CompletionStage<Done> stopped;

    private final Object announcing = new Object();
    private FeedStatus own;
    private String obstacle = "";
    private volatile FeedStatus status;
    private volatile boolean prepared;
    private volatile CompletableFuture<Done> run = CompletableFuture.completedFuture(Done.getInstance());

    private Ingest(
            ActorSystem<?> system,
            TradeFeed feed,
            Archive archive,
            Delivery delivery,
            Consumer<Published> publish,
            IngestMetrics metrics,
            IngestSettings settings,
            InstantSource clock) {
        this.system = system;
        this.feed = feed;
        this.archive = archive;
        this.publish = publish;
        this.settings = settings;
        this.metrics = metrics;
        this.delivery = delivery;
        this.clock = clock;
        this.own = new FeedStatus(FeedState.CONNECTING, "The feed is about to start.", clock.instant());
        this.status = own;
        this.stopped = ingestGraph().run(system);
    }

    /**
     * Starts a feed.
     *
     * @param markets the market of a symbol, such as {@code symbol -> sharding.entityRefFor(Market.TYPE_KEY, symbol.name())}
     * @param publish tells the cluster that the feed's state changed, such as
     *     {@code event -> topic.tell(Topic.publish(event))}
     */
    public static Ingest start(
            ActorSystem<?> system,
            TradeFeed feed,
            Archive archive,
            Function<Symbol, ? extends RecipientRef<Market.Command>> markets,
            Consumer<Published> publish,
            MeterRegistry registry,
            IngestSettings settings,
            InstantSource clock) {
        IngestMetrics metrics = new IngestMetrics(registry);
        MarketAsks asks = new MarketAsks(system, markets, settings, metrics);
        Delivery delivery = new MarketDelivery(feed.symbols(), asks, metrics, clock);
        return new Ingest(system, feed, archive, delivery, publish, metrics, settings, clock);
    }

    /** Starts a feed whose events go elsewhere than straight to the markets. */
    public static Ingest start(
            ActorSystem<?> system,
            TradeFeed feed,
            Archive archive,
            Delivery delivery,
            Consumer<Published> publish,
            IngestMetrics metrics,
            IngestSettings settings,
            InstantSource clock) {
        return new Ingest(system, feed, archive, delivery, publish, metrics, settings, clock);
    }

    /** What the feed is doing. */
    public FeedStatus status() {
        return status;
    }

    /** Whether the archive has what the source knows of the time before the feed began. */
    public boolean isPrepared() {
        return prepared;
    }

    /** Takes no more events, lets the one under way finish, at most 5 s long, and stops. */
    public CompletionStage<Done> stop() {
        tap.shutdown();
        run.copy()
                .completeOnTimeout(Done.getInstance(), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> main.shutdown());
        return stopped;
    }

    /** Completes after {@link #stop}, or when the feed has come to its end. */
    public CompletionStage<Done> stopped() {
        return stopped;
    }

    private RunnableGraph<CompletionStage<Done>> ingestGraph() {
        return RestartSource.onFailuresWithBackoff(restarts(), this::oneRun)
                .via(main.flow())
                .toMat(Sink.ignore(), Keep.right());
    }

    private RestartSettings restarts() {
        return RestartSettings.create(settings.restartDelay(), settings.longestRestartDelay(), 0.2)
                .withLogSettings(RestartSettings.createLogSettings(Logging.DebugLevel()));
    }

    private Source<Done, NotUsed> oneRun() {
        return preparedEvents()
                .via(tap.flow())
                .via(gatherTrades())
                .via(deliver())
                .watchTermination((notUsed, done) -> {
                    run = done.toCompletableFuture();
                    done.whenCompleteAsync((end, failure) -> ended(failure), system.executionContext());
                    return notUsed;
                });
    }

    private Source<FeedEvent, NotUsed> preparedEvents() {
        return Source.lazyCompletionStageSource(this::prepare).mapMaterializedValue(later -> NotUsed.getInstance());
    }

    private CompletionStage<Source<FeedEvent, NotUsed>> prepare() {
        String name = feed.source().label();
        delivery.begin(this::announceAgain);
        changeState(FeedState.CONNECTING, "Preparing the " + name + " feed.");
        return feed.prepare(archive).thenApply(from -> {
            prepared = true;
            LOG.info("The {} feed begins at {}.", name, from);
            return feed.events(from);
        });
    }

    /** While markets are busy, arrivals are put together: many small batches cost as little as one large. */
    private static Flow<FeedEvent, FeedEvent, NotUsed> gatherTrades() {
        return Flow.of(FeedEvent.class)
                .batchWeighted(
                        GATHERED, Ingest::weight, first -> new ArrayList<>(List.of(first)), (gathered, event) -> {
                            gathered.add(event);
                            return gathered;
                        })
                .mapConcat(Ingest::joinNeighbours);
    }

    private static long weight(FeedEvent event) {
        return event instanceof TradesArrived arrived ? arrived.trades().size() : WEIGHT_OF_A_MINUTE;
    }

    private static List<FeedEvent> joinNeighbours(List<FeedEvent> events) {
        if (events.size() == 1) {
            return events;
        }
        List<FeedEvent> joined = new ArrayList<>();
        List<Trade> trades = new ArrayList<>();
        for (FeedEvent event : events) {
            if (event instanceof TradesArrived arrived) {
                trades.addAll(arrived.trades());
                continue;
            }
            if (!trades.isEmpty()) {
                joined.add(new TradesArrived(List.copyOf(trades)));
                trades.clear();
            }
            joined.add(event);
        }
        if (!trades.isEmpty()) {
            joined.add(new TradesArrived(List.copyOf(trades)));
        }
        return joined;
    }

    private Flow<FeedEvent, Done, NotUsed> deliver() {
        return Flow.of(FeedEvent.class).mapAsync(delivery.parallelism(), this::deliverOne);
    }

    private CompletionStage<Done> deliverOne(FeedEvent event) {
        if (event instanceof TradesArrived arrived) {
            return delivery.deliver(arrived);
        }
        if (event instanceof MinutePassed passed) {
            return delivery.deliver(passed);
        }
        if (event instanceof CandlesRevised revised) {
            return delivery.deliver(revised);
        }
        if (event instanceof StateChanged changed) {
            return announce(changed);
        }
        if (event instanceof HistoryAdvanced advanced) {
            publish.accept(new Published.HistoryAdvanced(advanced.progress(), clock.instant()));
            return CompletableFuture.completedStage(Done.getInstance());
        }
        throw new IllegalStateException("unknown feed event " + event);
    }

    /** A feed has ended only when the markets have taken all of it. */
    private CompletionStage<Done> announce(StateChanged changed) {
        CompletionStage<Done> due = changed.state() == FeedState.ENDED
                ? delivery.settled()
                : CompletableFuture.completedStage(Done.getInstance());
        return due.thenApply(done -> {
            changeState(changed.state(), changed.detail());
            return done;
        });
    }

    /**
     * Something between the feed and the markets does not work: says so in place of the feed's own state until it works
     * again.
     *
     * @param what one plain sentence, or empty when all is well again
     */
    public void obstructed(String what) {
        synchronized (announcing) {
            obstacle = what;
            announce();
        }
    }

    private void changeState(FeedState state, String detail) {
        synchronized (announcing) {
            if (own.state() != state || !own.detail().equals(detail)) {
                own = new FeedStatus(state, detail, clock.instant());
            }
            announce();
        }
    }

    private void announceAgain() {
        synchronized (announcing) {
            announce();
        }
    }

    private void announce() {
        FeedStatus next =
                obstacle.isEmpty() ? withLeftOut(own) : new FeedStatus(FeedState.SILENT, obstacle, clock.instant());
        if (next.state() == status.state() && next.detail().equals(status.detail())) {
            return;
        }
        status = next;
        LOG.info("Feed {}: {}", next.state(), next.detail());
        publish.accept(new Published.FeedChanged(next.state(), next.detail(), clock.instant()));
    }

    private FeedStatus withLeftOut(FeedStatus said) {
        Set<Symbol> leftOut = delivery.leftOut();
        return leftOut.isEmpty()
                ? said
                : new FeedStatus(
                        said.state(),
                        said.detail() + " " + Stragglers.names(leftOut)
                                + " left out: its market does not answer; the others go on.",
                        said.since());
    }

    private void ended(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof MarketsBehind behind) {
            metrics.restarted();
            LOG.info("{}", behind.getMessage());
        } else if (failure != null) {
            metrics.restarted();
            if (!(cause instanceof ArchiveUnavailable)) {
                LOG.error(
                        "The {} feed failed and will start again.",
                        feed.source().label(),
                        failure);
            }
            changeState(FeedState.CONNECTING, "The feed stopped and will start again: " + cause.getMessage());
        }
    }
}
