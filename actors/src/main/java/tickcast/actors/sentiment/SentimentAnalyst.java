package tickcast.actors.sentiment;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tickcast.actors.Backoff;
import tickcast.actors.CborSerializable;
import tickcast.actors.market.Market;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.NewsItem;
import tickcast.model.sentiment.SentimentScorer;

/**
 * Scores headlines on a dispatcher of its own, stores the scores, then tells the markets and the topic. A headline gives a
 * market-wide score ({@code *}) and one for each symbol that it is about; it may be used from the instant it was scored.
 */
public final class SentimentAnalyst {

    private SentimentAnalyst() {}

    public sealed interface Command extends CborSerializable permits Analyse, NewsDesk.Internal {}

    /** Scores headlines; known ones (by news id) are skipped. Answered when the scores are stored. */
    public record Analyse(List<NewsItem> items, ActorRef<Analysed> replyTo) implements Command {}

    /**
     * @param scored headlines newly scored
     * @param problem why some were not, or empty; sending them again later may help
     * @param unscorable whether scoring failed, perhaps on what these headlines say; otherwise they only have to wait, for the
     *     archive or for their turn
     */
    public record Analysed(int scored, String problem, boolean unscorable) implements CborSerializable {}

    /**
     * @param batchSize headlines that are scored with one call
     * @param scoring how patiently a batch is scored again
     * @param storing how patiently the archive is tried
     * @param remembered how far back known headlines are looked up at the start
     * @param knownIds news ids kept in memory, at most
     * @param stashCapacity requests that wait while one is at work; more are refused
     */
    public record Settings(
            int batchSize, Backoff scoring, Backoff storing, Duration remembered, int knownIds, int stashCapacity) {

        /** What production uses. */
        public static Settings defaults() {
            return new Settings(
                    16,
                    new Backoff(3, Duration.ofMillis(500), Duration.ofSeconds(5)),
                    Backoff.PATIENT,
                    Duration.ofDays(7),
                    20_000,
                    64);
        }
    }

    /**
     * Whom an analyst deals with.
     *
     * @param symbols that this system follows
     * @param markets the market of a symbol
     * @param topic this node's end of the topic
     * @param clock says when a headline was scored
     */
    public record Partners(
            SentimentScorer scorer,
            Archive archive,
            Set<Symbol> symbols,
            Function<Symbol, RecipientRef<Market.Command>> markets,
            ActorRef<Topic.Command<Published>> topic,
            InstantSource clock) {}

    /** The analyst; one is enough for the cluster. Starts again when it crashes. */
    public static Behavior<Command> create(Settings settings, Partners partners) {
        Behavior<Command> desk = Behaviors.setup(context -> {
            var executor = context.getSystem()
                    .dispatchers()
                    .lookup(DispatcherSelector.fromConfig("tickcast.sentiment-dispatcher"));
            return Behaviors.withStash(
                    settings.stashCapacity(),
                    stash -> new NewsDesk(context, stash, settings, partners, executor).waiting());
        });
        return Behaviors.supervise(desk)
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0.2));
    }
}
