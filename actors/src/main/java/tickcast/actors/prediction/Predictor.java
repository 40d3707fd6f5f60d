package tickcast.actors.prediction;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Routers;
import akka.actor.typed.pubsub.Topic;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import tickcast.actors.Backoff;
import tickcast.actors.CborSerializable;
import tickcast.actors.MarketClock;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelRegistry;

/**
 * Holds the loaded models, joins the panel of an as-of, scores it as one batch, stores the predictions, tells them, then
 * answers the markets. One on every node of its role; as-ofs are shared out by consistent hashing ({@link #router()}).
 */
public final class Predictor {

    /** Every predictor of the cluster. */
    public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "predictor");

    private static final int VIRTUAL_NODES = 50;

    private Predictor() {}

    public sealed interface Command extends CborSerializable
            permits Offer, Attend, Pass, UseModels, PredictionDesk.Internal, ModelSupply.Result {}

    /**
     * One symbol's vector of an as-of, for its panel. Answered when its prediction is stored. The same offer may come again.
     *
     * @param vector panel features still missing
     * @param eligibility what else law 10 asks about
     * @param calibration state of the symbol's interval calibrator at the as-of
     */
    public record Offer(
            FeatureVector vector, Eligibility eligibility, double[] calibration, Pace pace, ActorRef<Answer> replyTo)
            implements Command {}

    /**
     * The vector of a symbol whose prediction of that as-of is stored already, for the sake of the others on the panel: nobody
     * waits for an answer. Not answered.
     */
    public record Attend(FeatureVector vector, Eligibility eligibility, double[] calibration, Pace pace)
            implements Command {}

    /** This symbol has nothing for the panel of that as-of: don't wait for it. Not answered. */
    public record Pass(Symbol symbol, Instant asOf) implements Command {}

    /**
     * Which models to hold; loaded in the background, then swapped in. Not answered.
     *
     * @param champion version that speaks, or empty for none
     * @param challengers versions that are scored in the shadow
     * @param silenced why the champion may not speak, or empty
     */
    public record UseModels(String champion, List<String> challengers, String silenced) implements Command {}

    public sealed interface Answer extends CborSerializable {}

    /** @param prediction what is stored and published for the symbol and as-of: this one, or the one that had won before */
    public record Predicted(Prediction prediction) implements Answer {}

    /** Nothing could be stored; offering again later helps. */
    public record NotPredicted(String reason) implements Answer {}

    /**
     * @param source label of the market source, as records carry it
     * @param panel all symbols
     * @param horizonMinutes of the forecasts
     * @param coverages of the intervals, rising
     * @param panelWait how long the panel waits for the absent, by the clock; thirty times as long in event time
     * @param openPanels as-ofs that may wait at once; the oldest is scored early beyond that
     * @param staleAfter age of a champion's newest knowledge at which it stops speaking
     * @param challengers models scored in the shadow, at most
     * @param backoff how patiently archive and registry are tried
     */
    public record Settings(
            String source,
            Set<Symbol> panel,
            int horizonMinutes,
            List<Double> coverages,
            Duration panelWait,
            int openPanels,
            Duration staleAfter,
            int challengers,
            Backoff backoff) {

        /** What production uses for everything but the arguments. */
        public static Settings of(String source, Set<Symbol> panel, int horizonMinutes, List<Double> coverages) {
            return new Settings(
                    source,
                    Set.copyOf(panel),
                    horizonMinutes,
                    List.copyOf(coverages),
                    Duration.ofSeconds(2),
                    64,
                    Duration.ofHours(48),
                    2,
                    Backoff.PATIENT);
        }

        /** The same with another wait for the panel and another age at which a model is stale. */
        public Settings withPatience(Duration newPanelWait, Duration newStaleAfter) {
            return new Settings(
                    source,
                    panel,
                    horizonMinutes,
                    coverages,
                    newPanelWait,
                    openPanels,
                    newStaleAfter,
                    challengers,
                    backoff);
        }
    }

    /**
     * Whom a predictor deals with.
     *
     * @param topic this node's end of the topic
     */
    public record Partners(
            Archive archive, ModelRegistry registry, ActorRef<Topic.Command<Published>> topic, MarketClock clock) {}

    /** A predictor that registers itself under {@link #KEY}. Starts again when it crashes; loads champion and challengers first. */
    public static Behavior<Command> create(Settings settings, Partners partners) {
        Behavior<Command> desk = Behaviors.setup(context -> {
            context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
            var blocking = context.getSystem()
                    .dispatchers()
                    .lookup(DispatcherSelector.fromConfig("tickcast.blocking-dispatcher"));
            return Behaviors.withStash(
                    PredictionDesk.STASH_CAPACITY,
                    stash -> Behaviors.withTimers(timers ->
                            new PredictionDesk(context, stash, timers, settings, partners, blocking).starting()));
        });
        return Behaviors.supervise(desk)
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0.2));
    }

    /** The way to the predictor that owns an as-of. Spawn one a node and give it to the markets; {@link UseModels} does not go this way. */
    public static Behavior<Command> router() {
        return Routers.group(KEY).withConsistentHashingRouting(VIRTUAL_NODES, Predictor::routingKey);
    }

    private static String routingKey(Command command) {
        if (command instanceof Offer offer) {
            return Long.toString(offer.vector().asOf().toEpochMilli());
        }
        if (command instanceof Attend attend) {
            return Long.toString(attend.vector().asOf().toEpochMilli());
        }
        return command instanceof Pass pass ? Long.toString(pass.asOf().toEpochMilli()) : "";
    }
}
