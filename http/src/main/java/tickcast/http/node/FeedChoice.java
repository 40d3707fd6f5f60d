package tickcast.http.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.exchange.kraken.KrakenFeed;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.exchange.replay.ReplayFeed;
import tickcast.streams.exchange.simulated.SimulatedFeed;
import tickcast.streams.exchange.simulated.SimulatedSettings;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.TopicFeed;

/**
 * The feed that the settings ask for.
 *
 * @param feed not started yet
 * @param words one plain sentence for the person who starts the system
 */
record FeedChoice(TradeFeed feed, String words) {

    private static final Duration PROBE = Duration.ofSeconds(5);

    /**
     * Chooses. For {@code auto} Kraken is tried for at most five seconds.
     *
     * @param modelReady completes when the simulated market need not wait for a first model any more
     */
    static CompletionStage<FeedChoice> of(
            Settings settings,
            ActorSystem<?> system,
            MeterRegistry meters,
            InstantSource clock,
            CompletionStage<?> modelReady) {
        return switch (settings.market().source()) {
            case KRAKEN ->
                CompletableFuture.completedStage(
                        new FeedChoice(kraken(settings, system, meters, clock), "Following Kraken, live."));
            case REPLAY -> CompletableFuture.completedStage(replay(settings, clock));
            case SIMULATED ->
                CompletableFuture.completedStage(new FeedChoice(
                        simulated(settings, clock, modelReady), "Running on the simulated market: made-up prices."));
            case TOPIC ->
                CompletableFuture.completedStage(new FeedChoice(
                        topic(settings, system, clock),
                        "Following what others publish into the topic "
                                + settings.kafka().name(BusTopic.TRADES) + "."));
            case AUTO -> auto(settings, system, meters, clock, modelReady);
        };
    }

    private static CompletionStage<FeedChoice> auto(
            Settings settings,
            ActorSystem<?> system,
            MeterRegistry meters,
            InstantSource clock,
            CompletionStage<?> modelReady) {
        KrakenFeed kraken = kraken(settings, system, meters, clock);
        return kraken.reachable(PROBE)
                .thenApply(reachable -> reachable
                        ? new FeedChoice(kraken, "Kraken can be reached: following it, live.")
                        : new FeedChoice(
                                simulated(settings, clock, modelReady),
                                "Kraken can't be reached: running on the simulated market instead, made-up prices."));
    }

    private static KrakenFeed kraken(
            Settings settings, ActorSystem<?> system, MeterRegistry meters, InstantSource clock) {
        return KrakenFeed.create(
                Adapter.toClassic(system), settings.market().kraken(), settings.symbols(), clock, meters);
    }

    private static TopicFeed topic(Settings settings, ActorSystem<?> system, InstantSource clock) {
        return new TopicFeed(
                system, settings.kafka(), settings.symbols(), settings.market().grace(), clock);
    }

    private static FeedChoice replay(Settings settings, InstantSource clock) {
        HistoryFiles files =
                HistoryFiles.discover(Path.of(settings.market().replay().directory()));
        List<Symbol> symbols = settings.symbolsGiven() ? settings.symbols() : files.symbols();
        if (symbols.isEmpty()) {
            throw new WrongSetting(
                    "tickcast.market.replay.directory",
                    files.directory().toString(),
                    "a directory with files such as XBTUSD.csv or XBTUSD_1.csv");
        }
        List<Symbol> absent =
                symbols.stream().filter(s -> !files.symbols().contains(s)).toList();
        if (!absent.isEmpty()) {
            throw new WrongSetting(
                    "tickcast.symbols",
                    named(absent),
                    "pairs that " + files.directory() + " has: " + named(files.symbols()));
        }
        double speed = settings.market().replay().speed();
        String pace = speed == 0 ? "as fast as it can" : "at " + speed + " times the recorded speed";
        return new FeedChoice(
                new ReplayFeed(files, symbols, speed, clock),
                "Replaying " + symbols.size() + " symbols from " + files.directory() + ", " + pace + ".");
    }

    private static String named(List<Symbol> symbols) {
        return symbols.stream().map(Symbol::toString).collect(Collectors.joining(", "));
    }

    private static SimulatedFeed simulated(Settings settings, InstantSource clock, CompletionStage<?> modelReady) {
        Settings.Simulated simulated = settings.market().simulated();
        SimulatedSettings defaults = SimulatedSettings.defaults();
        SimulatedSettings own = new SimulatedSettings(
                simulated.seed(),
                simulated.history(),
                simulated.catchUp(),
                simulated.catchUp().dividedBy(2),
                defaults.patience(),
                defaults.tick(),
                settings.market().grace(),
                defaults.activity());
        return new SimulatedFeed(own, settings.symbols(), clock, modelReady);
    }
}
