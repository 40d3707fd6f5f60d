package tickcast.http.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.japi.Pair;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Source;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tickcast.actors.Backoff;
import tickcast.actors.MarketClock;
import tickcast.actors.market.Market;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.sentiment.SentimentAnalyst;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.actors.training.Recipe;
import tickcast.actors.training.Trainer;
import tickcast.http.api.ApiSettings;
import tickcast.http.api.LiveView;
import tickcast.http.api.SchemaNames;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.sentiment.LexiconScorer;
import tickcast.model.sentiment.NewsItem;
import tickcast.streams.archive.ShelvedModelRegistry;
import tickcast.streams.exchange.FeedSingleton;
import tickcast.streams.exchange.Ingest;
import tickcast.streams.exchange.IngestSettings;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.kafka.MarketPlacement;
import tickcast.streams.news.FeedReader;
import tickcast.streams.news.NewsIngest;

/** Builds the parts of one node and connects them; each is stopped in its phase of the coordinated shutdown. */
final class Wiring {

    private static final int STASH = 256;

    private final ActorSystem<?> system;
    private final Settings settings;
    private final InstantSource wall;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompletableFuture<Object> modelReady = new CompletableFuture<>();
    private final CompletableFuture<Object> historyReady = new CompletableFuture<>();

    /** @param wall this node's clock: the system's, or one that a drill moves */
    Wiring(ActorSystem<?> system, Settings settings, InstantSource wall) {
        this.system = system;
        this.settings = settings;
        this.wall = wall;
    }

    /** Picks the market; looks whether Kraken is there when the settings leave the choice. */
    CompletionStage<FeedChoice> chooseFeed() {
        return FeedChoice.of(settings, system, meters, wall, modelReady)
                .thenApplyAsync(this::fitting, system.dispatchers().lookup(DispatcherSelector.blocking()));
    }

    /** A store that is not there yet is asked at the next start; its nodes' data directories know the horizon too. */
    private FeedChoice fitting(FeedChoice choice) {
        try {
            Stores.requireHorizon(settings, choice.feed().source());
        } catch (ArchiveUnavailable away) {
            system.log().debug("The store's horizon is not known: {}", away.getMessage());
        }
        return choice;
    }

    /** What every part stands on. */
    record Ground(
            MarketSource source,
            List<Symbol> symbols,
            Archive archive,
            ModelRegistry registry,
            ActorRef<Topic.Command<Published>> topic,
            LiveView live,
            ApiSettings api,
            Optional<Bus> bus) {}

    /** Starts the parts. Call on the guardian's thread. The stage completes when the page can be opened. */
    CompletionStage<Serving> start(ActorContext<?> context, FeedChoice choice) {
        TradeFeed feed = choice.feed();
        Ground ground = ground(context, feed);
        ActorRef<Predictor.Command> predictor = predictor(context, ground);
        ClusterSharding sharding = ClusterSharding.get(system);
        monitors(sharding, ground);
        markets(sharding, ground, predictor);
        ActorRef<Trainer.Command> trainer = trainer(ground);
        sentiment(context, sharding, ground);
        ingest(sharding, ground, feed).prepared().thenAccept(historyReady::complete);
        Housekeeping.start(system, ground.archive(), settings.retention(), marketTime(ground));
        JvmMeters.bind(meters);
        CompletionStage<Done> fits = ground.bus()
                .map(Bus::firstAnswer)
                .orElseGet(() -> CompletableFuture.completedStage(Done.getInstance()));
        return fits.thenCompose(done -> new Opening(system, settings, ground, meters, wall).open(trainer));
    }

    /** A replay's records age with what has been replayed, not with the wall clock. */
    private InstantSource marketTime(Ground ground) {
        return ground.source().kind() == MarketSource.Kind.REPLAY
                ? () -> ground.live().marketTime()
                : wall;
    }

    private boolean runs(Role role) {
        return settings.roles().contains(role);
    }

    private Ground ground(ActorContext<?> context, TradeFeed feed) {
        MarketSource source = feed.source();
        DataDirectory directory = DataDirectory.take(settings.dataDirectory(), source);
        directory.requireHorizon(settings.forecast().horizonMinutes());
        Optional<Bus> bus = settings.bus() == Settings.BusChoice.KAFKA
                ? Optional.of(new Bus(system, settings.kafka(), source, meters, wall))
                : Optional.empty();
        Archive store = Stores.forNode(settings, source, isAlone(), bus.map(Bus::deadLetters), meters);
        Archive archive = bus.map(own -> own.archive(store, runs(Role.MONITORING_SERVICE)))
                .orElse(store);
        ShelvedModelRegistry registry = Stores.modelsForNode(settings, source, directory, wall, meters);
        atShutdown(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-archive", () -> {
            archive.close();
            registry.close();
            directory.close();
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        ActorRef<Topic.Command<Published>> topic = context.spawn(Topics.create(), "published");
        ApiSettings api = apiSettings(source, feed.symbols());
        LiveView live = LiveView.start(system, api, archive, registry, topic, wall);
        return new Ground(source, feed.symbols(), archive, registry, topic, live, api, bus);
    }

    /** Whether no other node belongs to this cluster, now or later. */
    private boolean isAlone() {
        return settings.roles().size() == Role.values().length
                && !NodeConfig.namesOthers(system.settings().config());
    }

    private ApiSettings apiSettings(MarketSource source, List<Symbol> symbols) {
        FeatureSchema schema = FeatureSchema.current();
        Settings.Http http = settings.http();
        return new ApiSettings(
                source,
                symbols,
                new SchemaNames(schema.id(), schema.hash(), schema.names()),
                http.operatorToken(),
                http.readToken(),
                new HashSet<>(http.allowedOrigins()),
                http.hosts(),
                http.maxConnections(),
                http.maxConnectionsPerAddress(),
                ApiSettings.Push.standard());
    }

    private ActorRef<Predictor.Command> predictor(ActorContext<?> context, Ground ground) {
        if (runs(Role.PREDICTION_GENERATOR)) {
            Settings.Forecast forecast = settings.forecast();
            Predictor.Settings own = Predictor.Settings.of(
                            ground.source().label(),
                            Set.copyOf(ground.symbols()),
                            forecast.horizonMinutes(),
                            forecast.coverages())
                    .withPatience(forecast.panelTimeout(), forecast.staleAfter());
            Predictor.Partners partners =
                    new Predictor.Partners(ground.archive(), ground.registry(), ground.topic(), marketClock());
            context.spawn(Predictor.create(own, partners), "predictor");
        }
        return context.spawn(Predictor.router(), "predictor-router");
    }

    private MarketClock marketClock() {
        return new MarketClock(wall, settings.market().grace());
    }

    private void monitors(ClusterSharding sharding, Ground ground) {
        Monitor.Settings own = new Monitor.Settings(Role.MONITORING_SERVICE.label(), Backoff.PATIENT, STASH);
        Monitor.init(sharding, own, ground.archive(), ground.topic());
    }

    private void markets(ClusterSharding sharding, Ground ground, ActorRef<Predictor.Command> predictor) {
        Market.Settings own = Market.Settings.of(
                Role.TECHNICAL_INDICATORS.label(),
                settings.forecast().horizonMinutes(),
                settings.forecast().coverages());
        Market.init(
                sharding,
                own,
                new Market.Partners(
                        ground.archive(),
                        predictor,
                        symbol -> Monitor.of(sharding, symbol),
                        ground.topic(),
                        marketClock()),
                ground.bus().isPresent() ? MarketPlacement.of(system, settings.kafka()) : UnaryOperator.identity());
    }

    private ActorRef<Trainer.Command> trainer(Ground ground) {
        Settings.Training training = settings.training();
        Trainer.Settings own = new Trainer.Settings(
                Role.TRAIN_MODEL.label(),
                ground.symbols(),
                training.enabled(),
                training.history(),
                training.retryInterval(),
                training.interval(),
                Duration.ofHours(1),
                Duration.ofDays(7),
                2,
                Trainer.Rules.of(settings.forecast().staleAfter()));
        Recipe recipe = Recipe.of(
                settings.trainingSettings(), training.search(), ground.source().key());
        ActorRef<Trainer.Command> trainer = Trainer.init(
                system,
                own,
                new Trainer.Partners(ground.archive(), ground.registry(), recipe, ground.topic(), wall, historyReady));
        Trainer.firstVerdict(system, trainer, Duration.ofMinutes(5))
                .whenComplete((verdict, failure) -> modelReady.complete(Done.getInstance()));
        return trainer;
    }

    private void sentiment(ActorContext<?> context, ClusterSharding sharding, Ground ground) {
        if (!runs(Role.MARKET_SENTIMENT)) {
            return;
        }
        ActorRef<SentimentAnalyst.Command> analyst = context.spawn(
                SentimentAnalyst.create(
                        SentimentAnalyst.Settings.defaults(),
                        new SentimentAnalyst.Partners(
                                new LexiconScorer(),
                                ground.archive(),
                                Set.copyOf(ground.symbols()),
                                symbol -> Market.of(sharding, symbol),
                                ground.topic(),
                                wall)),
                "sentiment-analyst");
        Source<NewsItem, ?> items = readsNews(ground.source())
                ? new FeedReader(system, settings.newsSettings(), wall, meters).items()
                : Source.empty();
        ground.bus().ifPresentOrElse(bus -> bus.news(analyst, items), () -> readNews(analyst, items));
    }

    /** The default feeds belong to the real market; feeds that somebody named are read for every market. */
    private boolean readsNews(MarketSource source) {
        Settings.News news = settings.news();
        return !news.feeds().isEmpty() && (news.feedsGiven() || source.equals(MarketSource.KRAKEN));
    }

    private void readNews(ActorRef<SentimentAnalyst.Command> analyst, Source<NewsItem, ?> items) {
        Pair<UniqueKillSwitch, CompletionStage<Done>> running = new NewsIngest(
                        system, analyst, NewsIngest.Settings.standard(), meters)
                .graph(items)
                .run(system);
        atShutdown(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "stop-news", () -> {
            running.first().shutdown();
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    /** On nodes without the role the feed is only asked for. */
    private FeedSingleton ingest(ClusterSharding sharding, Ground ground, TradeFeed feed) {
        String role = Role.TECHNICAL_INDICATORS.label();
        Function<Symbol, EntityRef<Market.Command>> markets = symbol -> Market.of(sharding, symbol);
        Consumer<Published> publish = event -> Topics.publish(ground.topic(), event);
        if (ground.bus().isPresent() && runs(Role.TECHNICAL_INDICATORS)) {
            return ground.bus().get().feed(role, feed, ground.archive(), markets, publish);
        }
        FeedSingleton own = FeedSingleton.init(
                system,
                role,
                () -> Ingest.start(
                        system, feed, ground.archive(), markets, publish, meters, IngestSettings.defaults(), wall));
        atShutdown(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "stop-feed", own::stop);
        return own;
    }

    private void atShutdown(String phase, String task, Supplier<CompletionStage<Done>> work) {
        CoordinatedShutdown.get(system).addTask(phase, task, work);
    }
}
