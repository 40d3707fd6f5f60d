package tickcast.actors.market;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
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
     * @param stored the prediction that an earlier life has published for this minute, if it has: it stays, so nothing waits
     *     for the panel. After a restart symbols may be some minutes apart, and their panels would never fill
     */
    CompletionStage<Outcome> follow(Closing closing, Memory memory, Optional<Prediction> stored) {
        Candle candle = memory.last().orElseThrow();
        CompletionStage<Optional<Prediction>> prediction =
                stored.isPresent() ? joinAgain(closing, memory, stored) : predict(closing, memory);
        CompletionStage<Boolean> matured = mature(candle);
        return prediction.thenCombine(matured, (made, done) -> new Outcome(made, made.isPresent() && done));
    }

    /** Tells the panel not to wait for this symbol. */
    void pass(Symbol symbol, Closing closing) {
        partners.predictor().tell(new Predictor.Pass(symbol, closing.closeTime()));
    }

    /** Others of the panel may lack theirs: they get this symbol's vector as they did the first time. */
    private CompletionStage<Optional<Prediction>> joinAgain(
            Closing closing, Memory memory, Optional<Prediction> stored) {
        partners.predictor().tell(offer(closing, memory).apply(system.ignoreRef()));
        return CompletableFuture.completedStage(stored);
    }

    /** This minute's offer, for whom it is answered. */
    private Function<ActorRef<Predictor.Answer>, Predictor.Command> offer(Closing closing, Memory memory) {
        Instant now = partners.clock().at(closing.pace(), closing.closeTime());
        var vector = memory.vector(now);
        var eligibility = memory.eligibility(closing.feedAlive());
        double[] calibration = memory.calibration();
        return replyTo -> new Predictor.Offer(vector, eligibility, calibration, closing.pace(), replyTo);
    }

    private CompletionStage<Optional<Prediction>> predict(Closing closing, Memory memory) {
        Function<ActorRef<Predictor.Answer>, Predictor.Command> offer = offer(closing, memory);
        return settings.askBackoff()
                .run(
                        system,
                        () -> AskPattern.<Predictor.Command, Predictor.Answer>ask(
                                partners.predictor(), offer::apply, settings.askTimeout(), system.scheduler()))
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
                .exceptionally(failure -> false);
    }

    private void warn(String what, Memory memory, Throwable failure) {
        system.log().warn("Could not {} at {}: {}", what, memory.position(), failure.toString());
    }
}
