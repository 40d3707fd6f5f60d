package tickcast.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.training.NotEnoughHistory;

/** What a {@link Trainer} does. Training goes on beside it, so that operators are answered at any time. */
final class TrainingRoom {

    /** Results of the trainer's own asynchronous work, and its timers; never leave the actor. */
    sealed interface Internal extends Trainer.Command {}

    private record TrainingDue() implements Internal {}

    private record Trained(String outcome, Training.Standing standing) implements Internal {}

    private record TrainingFailed(Throwable failure, Training.Standing standing) implements Internal {}

    private record WatchDue() implements Internal {}

    private record Judged(Training.Standing standing) implements Internal {}

    private record JudgingFailed(Throwable failure) implements Internal {}

    private record Reordered(Training.Standing standing, String reason, ActorRef<Trainer.Switched> replyTo)
            implements Internal {}

    private record ReorderingFailed(Throwable failure, ActorRef<Trainer.Switched> replyTo) implements Internal {}

    private record PredictorsListed(Set<ActorRef<Predictor.Command>> predictors) implements Internal {}

    private final ActorContext<Trainer.Command> context;
    private final TimerScheduler<Trainer.Command> timers;
    private final Trainer.Settings settings;
    private final Trainer.Partners partners;
    private final Training training;
    private final Executor trainingExecutor;
    private final Executor blocking;
    private final List<ActorRef<Trainer.Verdict>> awaiting = new ArrayList<>();

    private Set<ActorRef<Predictor.Command>> predictors = Set.of();
    private Training.Standing standing = Training.Standing.NONE;
    private Optional<String> verdict = Optional.empty();

    TrainingRoom(
            ActorContext<Trainer.Command> context,
            TimerScheduler<Trainer.Command> timers,
            Trainer.Settings settings,
            Trainer.Partners partners,
            Executor trainingExecutor,
            Executor blocking) {
        this.context = context;
        this.timers = timers;
        this.settings = settings;
        this.partners = partners;
        this.training = new Training(settings, partners);
        this.trainingExecutor = trainingExecutor;
        this.blocking = blocking;
    }

    Behavior<Trainer.Command> start() {
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new PredictorsListed(listing.getServiceInstances(Predictor.KEY)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(Predictor.KEY, listings));
        context.pipeToSelf(partners.historyReady(), (ready, failure) -> new TrainingDue());
        return Behaviors.receive(Trainer.Command.class)
                .onMessage(Trainer.Promote.class, this::promote)
                .onMessage(Trainer.Rollback.class, this::rollback)
                .onMessage(Trainer.AwaitFirstVerdict.class, this::awaitFirstVerdict)
                .onMessage(TrainingDue.class, this::train)
                .onMessage(Trained.class, this::onTrained)
                .onMessage(TrainingFailed.class, this::onTrainingFailed)
                .onMessage(WatchDue.class, this::watch)
                .onMessage(Judged.class, this::onJudged)
                .onMessage(JudgingFailed.class, this::onJudgingFailed)
                .onMessage(Reordered.class, this::onReordered)
                .onMessage(ReorderingFailed.class, this::onReorderingFailed)
                .onMessage(PredictorsListed.class, this::onPredictorsListed)
                .build();
    }

    // --- training

    private Behavior<Trainer.Command> train(TrainingDue due) {
        String silenced = standing.silenced();
        Supplier<Trainer.Command> work = () -> {
            String outcome = settings.enabled() ? training.train() : "training is switched off";
            return new Trained(outcome, training.standing(silenced));
        };
        context.pipeToSelf(
                CompletableFuture.supplyAsync(work, trainingExecutor),
                (trained, failure) -> failure == null ? trained : new TrainingFailed(cause(failure), standing));
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onTrained(Trained trained) {
        String speakerBefore = standing.speaker();
        boolean changed = !trained.standing().champion().equals(standing.champion());
        String silenced = changed ? "" : standing.silenced();
        switchTo(new Training.Standing(
                trained.standing().champion(), trained.standing().challengers(), silenced));
        conclude(trained.outcome(), speakerBefore);
        if (settings.enabled()) {
            timers.startSingleTimer(new TrainingDue(), settings.retrainAfter());
        }
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onTrainingFailed(TrainingFailed failed) {
        String reason = failed.failure() instanceof NotEnoughHistory notEnough
                ? notEnough.getMessage()
                : "training failed: " + failed.failure();
        if (!(failed.failure() instanceof NotEnoughHistory)) {
            context.getLog().warn("Training failed", failed.failure());
        }
        conclude(reason, standing.speaker());
        timers.startSingleTimer(new TrainingDue(), settings.retryAfter());
        return Behaviors.same();
    }

    /** Says once what came of it; the same outcome again is no news. */
    private void conclude(String outcome, String speakerBefore) {
        boolean isFirst = verdict.isEmpty();
        boolean isNews = verdict.filter(outcome::equals).isEmpty();
        verdict = Optional.of(outcome);
        if (isNews) {
            context.getLog().info("Forecasts are made by {}: {}", standing.speaker(), outcome);
        }
        if (isFirst || !standing.speaker().equals(speakerBefore)) {
            tell(outcome);
        }
        if (isFirst && settings.enabled()) {
            timers.startTimerWithFixedDelay(new WatchDue(), Duration.ZERO, settings.watchEvery());
        }
        awaiting.forEach(asker -> asker.tell(new Trainer.Verdict(standing.speaker(), outcome)));
        awaiting.clear();
    }

    private Behavior<Trainer.Command> awaitFirstVerdict(Trainer.AwaitFirstVerdict request) {
        if (verdict.isEmpty()) {
            awaiting.add(request.replyTo());
        } else {
            request.replyTo().tell(new Trainer.Verdict(standing.speaker(), verdict.get()));
        }
        return Behaviors.same();
    }

    // --- the live watch

    private Behavior<Trainer.Command> watch(WatchDue due) {
        Training.Standing watched = standing;
        context.pipeToSelf(
                CompletableFuture.supplyAsync(
                        () -> new Judged(new Training.Standing(
                                watched.champion(),
                                watched.challengers(),
                                training.judge(watched.champion(), watched.silenced()))),
                        blocking),
                (judged, failure) -> failure == null ? judged : new JudgingFailed(cause(failure)));
        return Behaviors.same();
    }

    /** The predictors are told in any case: one that crashed in between has forgotten. */
    private Behavior<Trainer.Command> onJudged(Judged judged) {
        String silenced = judged.standing().silenced();
        boolean sameChampion = judged.standing().champion().equals(standing.champion());
        boolean changed = sameChampion && !silenced.equals(standing.silenced());
        if (changed) {
            standing = new Training.Standing(standing.champion(), standing.challengers(), silenced);
        }
        predictors.forEach(predictor -> predictor.tell(useModels()));
        if (changed) {
            report(
                    silenced.isEmpty()
                            ? "model " + standing.champion() + " is above naive again"
                            : "model " + standing.champion() + " is silenced: " + silenced);
        }
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onJudgingFailed(JudgingFailed failed) {
        context.getLog()
                .warn(
                        "The live record could not be looked at: {}",
                        failed.failure().toString());
        return Behaviors.same();
    }

    // --- operators

    private Behavior<Trainer.Command> promote(Trainer.Promote request) {
        reorder(() -> training.promote(request.version()), "was promoted by the operator", request.replyTo());
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> rollback(Trainer.Rollback request) {
        reorder(training::rollback, "was brought back by the operator", request.replyTo());
        return Behaviors.same();
    }

    private void reorder(Supplier<String> work, String reason, ActorRef<Trainer.Switched> replyTo) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(
                        () -> {
                            String version = work.get();
                            return new Reordered(training.standing(""), "model " + version + " " + reason, replyTo);
                        },
                        blocking),
                (done, failure) -> failure == null ? done : new ReorderingFailed(cause(failure), replyTo));
    }

    private Behavior<Trainer.Command> onReordered(Reordered done) {
        switchTo(done.standing());
        report(done.reason());
        done.replyTo().tell(new Trainer.Switched(true, done.standing().champion(), ""));
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onReorderingFailed(ReorderingFailed failed) {
        String problem = failed.failure() instanceof ModelRegistry.ModelRejected rejected
                ? rejected.getMessage()
                : "The registry could not be changed: " + failed.failure();
        failed.replyTo().tell(new Trainer.Switched(false, standing.champion(), problem));
        return Behaviors.same();
    }

    // --- the predictors

    private Behavior<Trainer.Command> onPredictorsListed(PredictorsListed listed) {
        Set<ActorRef<Predictor.Command>> known = predictors;
        predictors = Set.copyOf(listed.predictors());
        if (verdict.isPresent()) {
            predictors.stream()
                    .filter(predictor -> !known.contains(predictor))
                    .forEach(predictor -> predictor.tell(useModels()));
        }
        return Behaviors.same();
    }

    private void switchTo(Training.Standing next) {
        boolean changed = !next.equals(standing);
        standing = next;
        if (changed) {
            predictors.forEach(predictor -> predictor.tell(useModels()));
        }
    }

    private Predictor.UseModels useModels() {
        return new Predictor.UseModels(standing.champion(), standing.challengers(), standing.silenced());
    }

    private void report(String reason) {
        verdict = Optional.of(reason);
        context.getLog().info("Forecasts are made by {}: {}", standing.speaker(), reason);
        tell(reason);
    }

    private void tell(String reason) {
        Topics.publish(
                partners.topic(),
                new Published.ModelChanged(
                        standing.speaker(), reason, partners.clock().instant()));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
