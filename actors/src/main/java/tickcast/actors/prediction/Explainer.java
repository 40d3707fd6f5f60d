package tickcast.actors.prediction;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.io.UncheckedIOException;
import java.util.List;
import tickcast.actors.CborSerializable;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Explanation;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelRegistry;

/**
 * Says why a prediction is what it is, whichever version made it: the one that speaks or one of long ago. Holds a few models
 * of its own, so that questions never wait for, or hold up, those who score minutes. One on every node that is asked.
 */
public final class Explainer {

    /** Versions kept in memory, some hundred kilobytes each: the champion, its predecessor, and one more. */
    static final int MOST_MODELS = 3;

    private Explainer() {}

    public sealed interface Command extends CborSerializable permits Explain {}

    /**
     * Asks a model for its reasons.
     *
     * @param vector as it was scored: masked by what was known, panel features filled
     * @param version of the model that scored it
     */
    public record Explain(FeatureVector vector, String version, ActorRef<Answer> replyTo) implements Command {}

    public sealed interface Answer extends CborSerializable {}

    /** @param expectedLogReturn of the vector scored again: what base and contributions add up to */
    public record Explained(Explanation explanation, double expectedLogReturn) implements Answer {}

    /** Asking again does not help. @param reason one plain sentence */
    public record NotExplained(String reason) implements Answer {}

    /** The registry is away; asking again later may help. @param reason one plain sentence */
    public record NotNow(String reason) implements Answer {}

    /** Takes a millisecond a question, and a few more when the model is read from the registry first: give it {@link #dispatcher()}. */
    public static Behavior<Command> create(ModelRegistry registry) {
        Behavior<Command> desk = Behaviors.setup(context -> {
            ExplainedModels models = new ExplainedModels(registry, MOST_MODELS);
            return Behaviors.receive(Command.class)
                    .onMessage(Explain.class, question -> {
                        question.replyTo().tell(answer(models, question));
                        return Behaviors.same();
                    })
                    .onSignal(PostStop.class, signal -> closed(models))
                    .onSignal(PreRestart.class, signal -> closed(models))
                    .build();
        });
        return Behaviors.supervise(desk).onFailure(SupervisorStrategy.restart());
    }

    /** It reads files: off the threads that serve markets. */
    public static Props dispatcher() {
        return DispatcherSelector.fromConfig("tickcast.blocking-dispatcher");
    }

    private static Behavior<Command> closed(ExplainedModels models) {
        models.close();
        return Behaviors.same();
    }

    private static Answer answer(ExplainedModels models, Explain question) {
        try {
            Forecaster model = models.of(question.version());
            return model.explain(question.vector())
                    .<Answer>map(explanation -> new Explained(
                            explanation,
                            model.score(List.of(question.vector())).get(0).expectedLogReturn()))
                    .orElseGet(() -> new NotExplained("Model " + question.version() + " can't tell its reasons."));
        } catch (ModelRegistry.ModelRejected | IllegalArgumentException impossible) {
            return new NotExplained("Model " + question.version() + " can't be asked: " + impossible.getMessage());
        } catch (ArchiveUnavailable | UncheckedIOException away) {
            return new NotNow("Model " + question.version() + " can't be read right now.");
        }
    }
}
