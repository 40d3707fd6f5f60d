package tickcast.http.api;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.registry.ModelRegistry;

/**
 * What this node knows of the market right now: heard on the topic, begun from the archive. Feeds the WebSocket clients.
 * Start it before the feed, so that nothing is missed. Thread safe.
 */
public final class LiveView {

    private static final Duration GOODBYE = Duration.ofSeconds(4);

    private final MarketState state;
    private final Records records;
    private final ActorRef<PushHub.Command> hub;

    private LiveView(MarketState state, Records records, ActorRef<PushHub.Command> hub) {
        this.state = state;
        this.records = records;
        this.hub = hub;
    }

    /** Subscribes to the topic and reads what was stored last. Stops, and says goodbye to its clients, with the system. */
    public static LiveView start(
            ActorSystem<?> system,
            ApiSettings settings,
            Archive archive,
            ModelRegistry models,
            ActorRef<Topic.Command<Published>> topic,
            InstantSource clock) {
        Records records = new Records(settings.source(), settings.schema());
        MarketState state = new MarketState(clock.instant());
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        Seed.Reader seeds = new Seed.Reader(settings.symbols(), archive, models, blocking);
        ActorRef<PushHub.Command> hub =
                system.systemActorOf(PushHub.create(state, records, seeds, topic, clock), "live-view", Props.empty());
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseServiceUnbind(),
                        "say-goodbye-to-stream-clients",
                        () -> AskPattern.ask(hub, PushHub.Close::new, GOODBYE, system.scheduler()));
        return new LiveView(state, records, hub);
    }

    /** Close time of the newest candle of all symbols, or the epoch when there is none. */
    public Instant marketTime() {
        return state.marketTime();
    }

    /** What the feed is doing, in one line for operators. */
    public String feed() {
        return state.feedLine();
    }

    /** How far the past has been read back, in one line for operators. */
    public String history() {
        return state.historyLine().orElse("Nothing is read back.");
    }

    MarketState state() {
        return state;
    }

    Records records() {
        return records;
    }

    ActorRef<PushHub.Command> hub() {
        return hub;
    }
}
