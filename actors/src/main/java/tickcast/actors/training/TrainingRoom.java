package tickcast.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import java.time.Duration;
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

    /** @param urgency why the age of the newest model does not matter, or empty */
    private record TrainingDue(String urgency) implements Internal {}

    private record Trained(Training.Attempt attempt, Succession.Look look, Training.Standing standing)
            implements Internal {}

    /** @param standing empty when the registry could not be read */
    private record TrainingFailed(Throwable failure, Optional<Training.Standing> standing) implements Internal {}

    private record WatchDue() implements Internal {}

    private record Watched(Succession.Look look, Training.Standing standing) implements Internal {}

    private record WatchFailed(Throwable failure) implements Internal {}

    private record Reordered(Training.Standing standing, String reason, ActorRef<Trainer.Switched> replyTo)
            implements Internal {}

    private record ReorderingFailed(Throwable failure, ActorRef<Trainer.Switched> replyTo) implements Internal {}

    /** Something was published. @param history whether it tells of history @param complete whether all of that is there */
    private record Heard(boolean history, boolean complete) implements Internal {

        static Heard of(Published event) {
            return event instanceof Published.HistoryAdvanced advanced
                    ? new Heard(true, advanced.progress().isComplete())
                    : new Heard(false, false);
        }
    }

    private record PredictorsListed(Set<ActorRef<Predictor.Command>> predictors) implements Internal {}

    private final ActorContext<Trainer.Command> context;
    private final TimerScheduler<Trainer.Command> timers;
    private final Trainer.Settings settings;
    private final Trainer.Partners partners;
    private final Training training;
    private final Succession succession;
    private final Executor trainingExecutor;
    private final Executor blocking;
    private final Podium podium;

    private boolean isTraining;
    /** Why to train again as soon as the present training has ended, or empty. */
    private String postponed = "";

    private boolean historyGrows;

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
        StoredMarket market = new StoredMarket(partners.archive(), settings.symbols());
        this.training = new Training(settings, partners, market);
        this.succession = new Succession(market, partners.registry(), settings);
        this.podium = new Podium(context, partners);
        this.trainingExecutor = trainingExecutor;
        this.blocking = blocking;
    }

    Behavior<Trainer.Command> start() {
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new PredictorsListed(listing.getServiceInstances(Predictor.KEY)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(Predictor.KEY, listings));
        Topics.subscribe(partners.topic(), context.messageAdapter(Published.class, Heard::of));
        context.pipeToSelf(partners.historyReady(), (ready, failure) -> new TrainingDue(""));
        return Behaviors.receive(Trainer.Command.class)
                .onMessage(Trainer.Promote.class, this::promote)
                .onMessage(Trainer.Rollback.class, this::rollback)
                .onMessage(Trainer.AwaitFirstVerdict.class, this::awaitFirstVerdict)
                .onMessage(TrainingDue.class, this::train)
                .onMessage(Trained.class, this::onTrained)
                .onMessage(TrainingFailed.class, this::onTrainingFailed)
                .onMessage(WatchDue.class, this::watch)
                .onMessage(Watched.class, this::onWatched)
                .onMessage(WatchFailed.class, this::onWatchFailed)
                .onMessage(Reordered.class, this::onReordered)
                .onMessage(ReorderingFailed.class, this::onReorderingFailed)
                .onMessage(PredictorsListed.class, this::onPredictorsListed)
                .onMessage(Heard.class, this::hear)
                .build();
    }

    // --- training

    private Behavior<Trainer.Command> train(TrainingDue due) {
        if (isTraining) {
            postponed = due.urgency().isEmpty() ? postponed : due.urgency();
            return Behaviors.same();
        }
        isTraining = true;
        String unable = podium.standing().unable();
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> trained(due.urgency(), unable), trainingExecutor),
                (trained, failure) -> failure == null ? trained : new TrainingFailed(cause(failure), Optional.empty()));
        return Behaviors.same();
    }

    /** A first model may have been trained on the minimum while the rest was still being read back. */
    private Behavior<Trainer.Command> hear(Heard heard) {
        if (heard.history() && heard.complete() && historyGrows && settings.enabled()) {
            context.getSelf().tell(new TrainingDue("the history has been read back"));
        }
        historyGrows = heard.history() ? !heard.complete() : historyGrows;
        return Behaviors.same();
    }

    private void trainAgainIfPostponed() {
        if (!postponed.isEmpty()) {
            context.getSelf().tell(new TrainingDue(postponed));
            postponed = "";
        }
    }

    private Trainer.Command trained(String urgency, String unable) {
        if (!settings.enabled()) {
            return new Trained(
                    new Training.Attempt("training is switched off", false, settings.retrainAfter()),
                    Succession.Look.NOTHING,
                    training.standing(""));
        }
        Training.Attempt attempt;
        try {
            attempt = training.train(urgency);
        } catch (RuntimeException failure) {
            return failed(cause(failure), unable);
        }
        Succession.Look look = succession.look();
        succession.prune();
        return new Trained(attempt, look, training.standing(look.unable()));
    }

    private TrainingFailed failed(Throwable failure, String unable) {
        try {
            return new TrainingFailed(failure, Optional.of(training.standing(unable)));
        } catch (RuntimeException unreadable) {
            failure.addSuppressed(unreadable);
            return new TrainingFailed(failure, Optional.empty());
        }
    }

    private Behavior<Trainer.Command> onTrained(Trained trained) {
        isTraining = false;
        podium.switchTo(trained.standing());
        conclude(trained.attempt().outcome(), trained.attempt().switched());
        trained.look().changes().forEach(podium::report);
        if (settings.enabled()) {
            timers.startSingleTimer(new TrainingDue(""), trained.attempt().next());
        }
        trainAgainIfPostponed();
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onTrainingFailed(TrainingFailed failed) {
        isTraining = false;
        String reason = failed.failure() instanceof NotEnoughHistory notEnough
                ? notEnough.getMessage()
                : "training failed: " + said(failed.failure());
        if (!(failed.failure() instanceof NotEnoughHistory)) {
            context.getLog().warn("Training failed", failed.failure());
        }
        failed.standing().ifPresent(podium::switchTo);
        conclude(reason, false);
        timers.startSingleTimer(new TrainingDue(""), settings.retryAfter());
        trainAgainIfPostponed();
        return Behaviors.same();
    }

    private void conclude(String outcome, boolean switched) {
        boolean isFirst = !podium.hasVerdict();
        podium.conclude(outcome, switched);
        if (isFirst && settings.enabled()) {
            timers.startTimerWithFixedDelay(new WatchDue(), Duration.ZERO, settings.watchEvery());
        }
    }

    private Behavior<Trainer.Command> awaitFirstVerdict(Trainer.AwaitFirstVerdict request) {
        podium.awaitVerdict(request.replyTo());
        return Behaviors.same();
    }

    // --- the watch over who speaks

    /** On the thread that trains: a look and a training never switch at once; operators wait for a look to end. */
    private Behavior<Trainer.Command> watch(WatchDue due) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(
                        () -> {
                            Succession.Look look = succession.look();
                            return new Watched(look, training.standing(look.unable()));
                        },
                        trainingExecutor),
                (watched, failure) -> failure == null ? watched : new WatchFailed(cause(failure)));
        return Behaviors.same();
    }

    /** The predictors are told in any case: one that crashed in between has forgotten. */
    private Behavior<Trainer.Command> onWatched(Watched watched) {
        Training.Standing standing = watched.standing();
        boolean isUnableNow = !watched.look().unable().equals(podium.standing().unable());
        podium.repeat(standing);
        watched.look().changes().forEach(podium::report);
        if (isUnableNow) {
            podium.report(
                    standing.unable().isEmpty()
                            ? "model " + standing.champion() + " can be loaded again"
                            : "model " + standing.champion() + " can't be used and no other may speak: "
                                    + standing.unable());
        }
        if (!watched.look().retrain().isEmpty() && !isTraining) {
            context.getLog().info("Training before its time: {}", watched.look().retrain());
            context.getSelf().tell(new TrainingDue(watched.look().retrain()));
        }
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onWatchFailed(WatchFailed failed) {
        context.getLog()
                .warn(
                        "The live record could not be looked at: {}",
                        failed.failure().toString());
        return Behaviors.same();
    }

    // --- operators

    private Behavior<Trainer.Command> promote(Trainer.Promote request) {
        reorder(() -> succession.promote(request.version()), "was promoted by the operator", request.replyTo());
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> rollback(Trainer.Rollback request) {
        reorder(succession::rollback, "was brought back by the operator", request.replyTo());
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
        podium.switchTo(done.standing());
        podium.report(done.reason());
        done.replyTo()
                .tell(new Trainer.Switched(Trainer.Outcome.DONE, done.standing().champion(), ""));
        return Behaviors.same();
    }

    private Behavior<Trainer.Command> onReorderingFailed(ReorderingFailed failed) {
        failed.replyTo().tell(answer(failed.failure()));
        return Behaviors.same();
    }

    private Trainer.Switched answer(Throwable failure) {
        String champion = podium.standing().champion();
        if (failure instanceof ModelRegistry.ModelRejected rejected) {
            return new Trainer.Switched(Trainer.Outcome.REFUSED, champion, rejected.getMessage());
        }
        context.getLog().warn("The registry could not be changed", failure);
        return new Trainer.Switched(Trainer.Outcome.UNAVAILABLE, champion, "The models can't be switched right now.");
    }

    // --- the predictors

    private Behavior<Trainer.Command> onPredictorsListed(PredictorsListed listed) {
        podium.serve(listed.predictors());
        return Behaviors.same();
    }

    /** For users: what it says, or at least its kind. */
    private static String said(Throwable failure) {
        return Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
