package tickcast.http.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
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
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.LexiconScorer;
import tickcast.model.training.TrainingSettings;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.archive.FileModelRegistry;
import tickcast.streams.exchange.Ingest;
import tickcast.streams.exchange.IngestSettings;

/** Builds the parts of one node and connects them; each is stopped in its phase of the coordinated shutdown. */
final class Wiring {

    private static final List<Double> COVERAGES = List.of(0.8, 0.95);

    private final ActorSystem<?> system;
    private final Settings settings;
    private final InstantSource clock = InstantSource.system();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompletableFuture<Object> modelReady = new CompletableFuture<>();

    Wiring(ActorSystem<?> system, Settings settings) {
        this.system = system;
        this.settings = settings;
    }

    CompletionStage<FeedChoice> chooseFeed() {
        return FeedChoice.of(settings, system, meters, clock, modelReady);
    }
}
