package tickcast.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;

/**
 * Who speaks, and why: orders it of the predictors, tells it to everybody and answers who waits for the first verdict. A part
 * of the {@link TrainingRoom}, on its thread.
 */
final class Podium {

    private final ActorContext<Trainer.Command> context;
    private final Trainer.Partners partners;
    private final List<ActorRef<Trainer.Verdict>> awaiting = new ArrayList<>();
    private Set<ActorRef<Predictor.Command>> predictors = Set.of();
    private Training.Standing standing = Training.Standing.UNKNOWN;
    private Optional<String> verdict = Optional.empty();

    Podium(ActorContext<Trainer.Command> context, Trainer.Partners partners) {
        this.context = context;
        this.partners = partners;
    }

    Training.Standing standing() {
        return standing;
    }

    /** Whether an attempt to train has ended. */
    boolean hasVerdict() {
        return verdict.isPresent();
    }

    /** These predictors are there now; who has come gets its orders, once there is a verdict. */
    void serve(Set<ActorRef<Predictor.Command>> listed) {
        Set<ActorRef<Predictor.Command>> added = new HashSet<>(listed);
        added.removeAll(predictors);
        predictors = Set.copyOf(listed);
        if (hasVerdict()) {
            order(added);
        }
    }

    void switchTo(Training.Standing next) {
        boolean changed = !next.equals(standing);
        standing = next;
        if (changed) {
            order(predictors);
        }
    }

    /** Orders even if nothing has changed: a predictor that crashed in between has forgotten. */
    void repeat(Training.Standing next) {
        standing = next;
        order(predictors);
    }

    /** As long as the registry can't be read, whoever speaks goes on. */
    private void order(Set<ActorRef<Predictor.Command>> whom) {
        if (standing.isKnown()) {
            Predictor.UseModels orders =
                    new Predictor.UseModels(standing.champion(), standing.challengers(), standing.silenced());
            whom.forEach(predictor -> predictor.tell(orders));
        }
    }

    /** Says once what came of a training; the same outcome again is no news. Why none speaks is told as it changes. */
    void conclude(String outcome, boolean switched) {
        boolean isFirst = verdict.isEmpty();
        boolean isNews = verdict.filter(outcome::equals).isEmpty();
        verdict = Optional.of(outcome);
        if (isNews) {
            log(outcome);
        }
        boolean explainsSilence = isNews && standing.champion().isEmpty();
        if (isFirst || switched || explainsSilence) {
            tell(outcome);
        }
        awaiting.forEach(asker -> asker.tell(new Trainer.Verdict(standing.speaker(), outcome)));
        awaiting.clear();
    }

    /** Answers at once, or when the first attempt to train has ended. */
    void awaitVerdict(ActorRef<Trainer.Verdict> asker) {
        verdict.ifPresentOrElse(
                reason -> asker.tell(new Trainer.Verdict(standing.speaker(), reason)), () -> awaiting.add(asker));
    }

    /** Something has changed, for a reason. */
    void report(String reason) {
        verdict = Optional.of(reason);
        log(reason);
        tell(reason);
    }

    private void log(String reason) {
        context.getLog().info("Forecasts are made by {}: {}", standing.speaker(), reason);
    }

    private void tell(String reason) {
        Topics.publish(
                partners.topic(),
                new Published.ModelChanged(
                        standing.speaker(), reason, partners.clock().instant()));
    }
}
