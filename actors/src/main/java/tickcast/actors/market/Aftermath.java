package tickcast.actors.market;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Predictor;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/** What follows a stored candle: its prediction is made, and what waited for it matures, side by side. */
final class Aftermath {

    /** @param prediction as it is stored, if it is @param done whether prediction and errors are stored */
    record Outcome(Optional<Prediction> prediction, boolean done) {}

    private final ActorSystem<?> system;
    private final Market.Settings settings;
    private final Market.Partners partners;

    Aftermath(ActorSystem<?> system, Market.Settings settings, Market.Partners partners) {
        this.system = system;
        this.settings = settings;
        this.partners = partners;
    }

    /**
     * Call on the actor's thread; completes elsewhere. Fails only on bugs: what could not be done is in the outcome.
     *
     * @param stored the minute's prediction, when it and its vector are stored already
     */
    CompletionStage<Outcome> follow(Closing closing, Memory memory, Optional<Prediction> stored) {
        Candle candle = memory.last().orElseThrow();
        CompletionStage<Optional<Prediction>> prediction =
                stored.isPresent() ? attend(closing, memory, stored) : predict(closing, memory);
        CompletionStage<Boolean> matured = mature(candle);
        return prediction.thenCombine(matured, (made, done) -> new Outcome(made, made.isPresent() && done));
    }

    /** Tells the panel not to wait for this symbol. */
    void pass(Symbol symbol, Closing closing) {
        partners.predictor().tell(new Predictor.Pass(symbol, closing.closeTime()));
    }

    /** Others may still need the vector for theirs. */
    private CompletionStage<Optional<Prediction>> attend(Closing closing, Memory memory, Optional<Prediction> stored) {
        Instant now = partners.clock().at(closing.pace(), closing.closeTime());
        partners.predictor()
                .tell(new Predictor.Attend(
                        memory.vector(now),
                        memory.eligibility(closing.feedAlive()),
                        memory.calibration(),
                        closing.pace()));
        return CompletableFuture.completedStage(stored);
    }

    private CompletionStage<Optional<Prediction>> predict(Closing closing, Memory memory) {
        Instant now = partners.clock().at(closing.pace(), closing.closeTime());
        var vector = memory.vector(now);
        var eligibility = memory.eligibility(closing.feedAlive());
        double[] calibration = memory.calibration();
        return settings.askBackoff()
                .run(
                        system,
                        () -> AskPattern.<Predictor.Command, Predictor.Answer>ask(
                                partners.predictor(),
                                replyTo ->
                                        new Predictor.Offer(vector, eligibility, calibration, closing.pace(), replyTo),
                                settings.askTimeout(),
                                system.scheduler()))
                .thenApply(answer -> answer instanceof Predictor.Predicted predicted
                        ? Optional.of(predicted.prediction())
                        : Optional.<Prediction>empty())
                .exceptionally(failure -> {
                    warn("predict", memory, failure);
                    return Optional.empty();
                });
    }

    private CompletionStage<Boolean> mature(Candle candle) {
        return settings.askBackoff()
                .run(
                        system,
                        () -> AskPattern.<Monitor.Command, Monitor.Matured>ask(
                                partners.monitors().apply(candle.symbol()),
                                replyTo -> new Monitor.Mature(candle, replyTo),
                                settings.askTimeout(),
                                system.scheduler()))
                .thenApply(Monitor.Matured::done)
                .exceptionally(failure -> {
                    system.log()
                            .warn(
                                    "Could not mature {} at {}: {}",
                                    candle.symbol(),
                                    candle.closeTime(),
                                    failure.toString());
                    return false;
                });
    }

    private void warn(String what, Memory memory, Throwable failure) {
        system.log().warn("Could not {} at {}: {}", what, memory.position(), failure.toString());
    }
}
