package tickcast.actors.prediction;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Prediction;

/**
 * The models of one {@link Predictor}: loads what is wanted beside the actor, swaps it in, tries again what could not be loaded
 * and tells of a champion that can't be used. A part of that actor, which hands on the results.
 */
final class ModelSupply {

    private static final Duration LOAD_RETRY = Duration.ofSeconds(10);

    /** Results of loading; they never leave the actor. */
    sealed interface Result extends Predictor.Command {}

    record Loaded(ModelLoading.Loaded loaded) implements Result {}

    record Failed(Optional<Predictor.UseModels> wanted, Throwable failure) implements Result {}

    record Again(Optional<Predictor.UseModels> wanted) implements Result {}

    private final ActorContext<Predictor.Command> context;
    private final TimerScheduler<Predictor.Command> timers;
    private final Predictor.Partners partners;
    private final Executor blocking;
    private final ModelLoading modelLoading;
    private final LoadedModels models = new LoadedModels();

    private Optional<Predictor.UseModels> nextWanted = Optional.empty();
    private boolean loading;
    private String reported = "";
    private Map<String, String> refused = Map.of();

    ModelSupply(
            ActorContext<Predictor.Command> context,
            TimerScheduler<Predictor.Command> timers,
            Predictor.Partners partners,
            int challengers,
            Executor blocking) {
        this.context = context;
        this.timers = timers;
        this.partners = partners;
        this.blocking = blocking;
        this.modelLoading = new ModelLoading(
                partners.registry(), challengers, context.getSystem().log());
    }

    /** Loads what the registry says. */
    void start() {
        load(Optional.empty());
    }

    void use(Predictor.UseModels wanted) {
        timers.cancel(Again.class);
        if (loading) {
            nextWanted = Optional.of(wanted);
        } else {
            load(Optional.of(wanted));
        }
    }

    /** The present line-up, for one batch; to be released after it. */
    Lineup acquire() {
        return models.acquire();
    }

    void release(Lineup lineup) {
        close(models.release(lineup));
    }

    void closeAll() {
        close(models.use(new Predictor.UseModels("", List.of(), ""), Map.of()));
    }

    void handle(Result result) {
        if (result instanceof Loaded done) {
            onLoaded(done.loaded());
        } else if (result instanceof Failed failed) {
            onFailed(failed);
        } else if (result instanceof Again again && !loading) {
            load(again.wanted());
        }
    }

    /** @param wanted what to use, or empty for what the registry says */
    private void load(Optional<Predictor.UseModels> wanted) {
        loading = true;
        Set<String> present = models.versions();
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> modelLoading.load(wanted, present), blocking),
                (loaded, failure) -> failure == null ? new Loaded(loaded) : new Failed(wanted, failure));
    }

    private void onLoaded(ModelLoading.Loaded loaded) {
        loading = false;
        close(models.use(loaded.wanted(), loaded.fresh()));
        report(models.lineup(), loaded.wanted().silenced());
        tellRefusals(loaded);
        if (nextWanted.isPresent()) {
            load(nextWanted);
        } else if (loaded.refused().containsKey(loaded.wanted().champion())) {
            timers.startSingleTimer(Again.class, new Again(Optional.of(loaded.wanted())), LOAD_RETRY);
        }
        nextWanted = Optional.empty();
    }

    private void onFailed(Failed failed) {
        loading = false;
        context.getLog().warn("Models could not be loaded; trying again", failed.failure());
        Optional<Predictor.UseModels> again = nextWanted.or(failed::wanted);
        nextWanted = Optional.empty();
        timers.startSingleTimer(Again.class, new Again(again), LOAD_RETRY);
    }

    /** A champion that can't be used is news at once, and so is its return; meanwhile it is tried again and again. */
    private void tellRefusals(ModelLoading.Loaded loaded) {
        Map<String, String> before = refused;
        refused = loaded.refused();
        if (!refused.equals(before) && !refused.isEmpty()) {
            context.getLog().warn("Models that are refused: {}", refused);
        }
        String champion = loaded.wanted().champion();
        String unable = refused.getOrDefault(champion, "");
        if (unable.equals(before.getOrDefault(champion, ""))) {
            return;
        }
        String speaker = models.lineup().champion().map(Lineup::version).orElse(Prediction.NAIVE);
        String reason = unable.isEmpty()
                ? "the champion, model " + champion + ", can be used again"
                : "model " + champion + " can't be used: " + unable + "; " + speaker + " speaks in its place";
        Instant now = partners.clock().wall().instant();
        Topics.publish(partners.topic(), new Published.ModelChanged(speaker, reason, now));
    }

    private void report(Lineup lineup, String silenced) {
        String now = "Model that speaks: "
                + lineup.champion().map(Lineup::version).orElse(Prediction.NAIVE)
                + (silenced.isEmpty() ? "" : " (silenced: " + silenced + ")")
                + "; in the shadow: "
                + lineup.challengers().stream().map(Lineup::version).toList();
        if (!now.equals(reported)) {
            context.getLog().info(now);
            reported = now;
        }
    }

    private void close(List<Forecaster> dismissed) {
        dismissed.forEach(model -> blocking.execute(model::close));
    }
}
