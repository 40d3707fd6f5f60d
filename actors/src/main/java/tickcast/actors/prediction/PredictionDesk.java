package tickcast.actors.prediction;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Pace;

/** What a {@link Predictor} does: gathers panels, scores and stores them. Two phases: starting, until the first models are in, then serving. */
final class PredictionDesk {

    static final int STASH_CAPACITY = 10_000;
    /**
     * So much longer than by the clock the absent are waited for in replay and catch-up; something is broken after that. A
     * node that starts again may have to read one partition of the log further than another first.
     */
    private static final int EVENT_TIME_PATIENCE = 30;

    /** Results of the predictor's own asynchronous work; never leave the actor. */
    sealed interface Internal extends Predictor.Command {}

    private record PanelExpired(Instant asOf) implements Internal {}

    private record BatchStored(Batch batch, Scoring.Scored scored, List<Prediction> stored) implements Internal {}

    private record BatchFailed(Batch batch, Throwable failure) implements Internal {}

    /** What is being scored, with whom. */
    private record Batch(PanelOfMinute panel, List<Predictor.Offer> offers, Lineup lineup) {}

    private final ActorContext<Predictor.Command> context;
    private final StashBuffer<Predictor.Command> stash;
    private final TimerScheduler<Predictor.Command> timers;
    private final Predictor.Settings settings;
    private final Predictor.Partners partners;
    private final Scoring scoring;
    private final ModelSupply models;
    private final Panels panels;

    PredictionDesk(
            ActorContext<Predictor.Command> context,
            StashBuffer<Predictor.Command> stash,
            TimerScheduler<Predictor.Command> timers,
            Predictor.Settings settings,
            Predictor.Partners partners,
            Executor blocking) {
        this.context = context;
        this.stash = stash;
        this.timers = timers;
        this.settings = settings;
        this.partners = partners;
        this.panels = new Panels(settings.panel(), settings.openPanels());
        this.scoring = new Scoring(settings, context.getSystem().log());
        this.models = new ModelSupply(context, timers, partners, settings.challengers(), blocking);
    }

    // --- phases

    /** Nothing is scored before the registry was read: the first minutes have their model too. */
    Behavior<Predictor.Command> starting() {
        models.start();
        return Behaviors.receive(Predictor.Command.class)
                .onMessage(Predictor.Offer.class, this::wait)
                .onMessage(Predictor.Attend.class, this::wait)
                .onMessage(Predictor.Pass.class, this::wait)
                .onMessage(Predictor.UseModels.class, this::useModels)
                .onMessage(ModelSupply.Result.class, result -> {
                    models.handle(result);
                    return stash.unstashAll(serving());
                })
                .onSignal(PreRestart.class, signal -> closeAll())
                .onSignal(PostStop.class, signal -> closeAll())
                .build();
    }

    private Behavior<Predictor.Command> serving() {
        return Behaviors.receive(Predictor.Command.class)
                .onMessage(Predictor.Offer.class, this::join)
                .onMessage(Predictor.Attend.class, this::attend)
                .onMessage(Predictor.Pass.class, this::pass)
                .onMessage(Predictor.UseModels.class, this::useModels)
                .onMessage(ModelSupply.Result.class, result -> {
                    models.handle(result);
                    return Behaviors.same();
                })
                .onMessage(PanelExpired.class, expired -> {
                    score(expired.asOf());
                    return Behaviors.same();
                })
                .onMessage(BatchStored.class, this::onBatchStored)
                .onMessage(BatchFailed.class, this::onBatchFailed)
                .onSignal(PreRestart.class, signal -> closeAll())
                .onSignal(PostStop.class, signal -> closeAll())
                .build();
    }

    private Behavior<Predictor.Command> useModels(Predictor.UseModels wanted) {
        models.use(wanted);
        return Behaviors.same();
    }

    private Behavior<Predictor.Command> closeAll() {
        models.closeAll();
        return Behaviors.same();
    }

    private Behavior<Predictor.Command> wait(Predictor.Command command) {
        if (!stash.isFull()) {
            stash.stash(command);
        } else if (command instanceof Predictor.Offer offer) {
            offer.replyTo().tell(new Predictor.NotPredicted("The models are still being loaded."));
        }
        return Behaviors.same();
    }

    // --- the panel

    private Behavior<Predictor.Command> join(Predictor.Offer offer) {
        Instant asOf = offer.vector().asOf();
        if (panels.isClosed(asOf)) {
            scoreAlone(offer);
            return Behaviors.same();
        }
        PanelOfMinute panel = panels.open(asOf);
        if (!panel.isAwaited()) {
            timers.startSingleTimer(asOf, new PanelExpired(asOf), patience(offer.pace()));
        }
        panel.add(offer);
        return scoreIfComplete(panel);
    }

    /** After a restart a symbol may come to a minute again that others don't come to any more: it waits for nobody. */
    private Behavior<Predictor.Command> attend(Predictor.Attend guest) {
        Instant asOf = guest.vector().asOf();
        if (panels.isClosed(asOf)) {
            return Behaviors.same();
        }
        PanelOfMinute panel = panels.open(asOf);
        panel.attend(new Predictor.Offer(
                guest.vector(),
                guest.eligibility(),
                guest.calibration(),
                guest.pace(),
                context.getSystem().ignoreRef()));
        return scoreIfComplete(panel);
    }

    private Behavior<Predictor.Command> pass(Predictor.Pass pass) {
        if (!panels.isClosed(pass.asOf())) {
            PanelOfMinute panel = panels.open(pass.asOf());
            panel.pass(pass.symbol());
            return scoreIfComplete(panel);
        }
        return Behaviors.same();
    }

    /** Event time stands still until the minute has its answer: how busy this machine is must not show in what is predicted. */
    private Duration patience(Pace pace) {
        return pace == Pace.CLOCK ? settings.panelWait() : settings.panelWait().multipliedBy(EVENT_TIME_PATIENCE);
    }

    private Behavior<Predictor.Command> scoreIfComplete(PanelOfMinute panel) {
        panels.due(panel).ifPresent(this::score);
        return Behaviors.same();
    }

    private void score(Instant asOf) {
        timers.cancel(asOf);
        panels.close(asOf).ifPresent(panel -> score(panel, panel.score(), List.of()));
    }

    private void scoreAlone(Predictor.Offer offer) {
        PanelOfMinute panel = panels.closed(offer.vector().asOf());
        panel.scoreAlone(offer)
                .ifPresent(first -> score(
                        panel, List.of(first), panel.besides(first.vector().symbol())));
    }

    /** Scoring takes milliseconds, so it runs beside the actor. @param others vectors to join that need no prediction */
    private void score(PanelOfMinute panel, List<Predictor.Offer> offers, List<FeatureVector> others) {
        Batch batch = new Batch(panel, offers, models.acquire());
        List<Instant> madeAt = offers.stream()
                .map(offer -> partners.clock().at(offer.pace(), offer.vector().asOf()))
                .toList();
        context.pipeToSelf(
                CompletableFuture.supplyAsync(
                                () -> scoring.score(offers, others, batch.lineup(), madeAt),
                                context.getExecutionContext())
                        .thenCompose(scored -> store(batch, scored)),
                (stored, failure) -> failure == null ? stored : new BatchFailed(batch, failure));
    }

    private CompletionStage<Predictor.Command> store(Batch batch, Scoring.Scored scored) {
        CompletionStage<Void> vectors = settings.backoff()
                .run(context.getSystem(), () -> partners.archive().writeFeatures(scored.vectors()));
        CompletionStage<List<Prediction>> predictions = settings.backoff()
                .run(context.getSystem(), () -> partners.archive().writePredictions(scored.predictions()));
        return vectors.thenCombine(predictions, (written, stored) -> new BatchStored(batch, scored, stored));
    }

    private Behavior<Predictor.Command> onBatchStored(BatchStored batch) {
        List<Predictor.Offer> offers = batch.batch().offers();
        for (int i = 0; i < offers.size(); i++) {
            Prediction made = batch.scored().published().get(i);
            Prediction stored = batch.stored().get(i);
            if (isNew(made, stored)) {
                Topics.publish(partners.topic(), new Published.PredictionMade(stored));
            }
            batch.batch().panel().answer(stored.symbol(), new Predictor.Predicted(stored));
        }
        models.release(batch.batch().lineup());
        return Behaviors.same();
    }

    private static boolean isNew(Prediction made, Prediction stored) {
        return made.id().equals(stored.id()) && made.madeAt().equals(stored.madeAt());
    }

    private Behavior<Predictor.Command> onBatchFailed(BatchFailed failed) {
        context.getLog()
                .warn(
                        "Predictions as of {} were not stored: {}",
                        failed.batch().panel().asOf(),
                        failed.failure().toString());
        Predictor.NotPredicted answer =
                new Predictor.NotPredicted(failed.failure().toString());
        failed.batch()
                .offers()
                .forEach(offer -> failed.batch().panel().answer(offer.vector().symbol(), answer));
        models.release(failed.batch().lineup());
        return Behaviors.same();
    }
}
