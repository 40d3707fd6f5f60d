package tickcast.http.api;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import tickcast.actors.training.Trainer;
import tickcast.http.api.Problem.Kind;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;

/** The registry's cards, and the operator's two switches. */
final class ModelEndpoints {

    private static final Duration SWITCH_TIMEOUT = Duration.ofSeconds(10);
    private static final String ROOT = "/api/v1/models";

    private final ActorSystem<?> system;
    private final ModelRegistry models;
    private final ActorRef<Trainer.Command> trainer;
    private final Records records;
    private final Executor blocking;

    ModelEndpoints(ActorSystem<?> system, ModelRegistry models, ActorRef<Trainer.Command> trainer, Records records) {
        this.system = system;
        this.models = models;
        this.trainer = trainer;
        this.records = records;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.read(ROOT, this::list),
                Endpoint.read(ROOT + "/history", this::history),
                Endpoint.read(ROOT + "/{version}", this::show),
                Endpoint.operate(ROOT + "/{version}/promote", this::promote),
                Endpoint.operate(ROOT + "/{version}/rollback", this::rollback),
                Endpoint.operate(ROOT + "/rollback", call -> rollback()));
    }

    private CompletionStage<HttpResponse> list(Call call) {
        return inRegistry(models::list)
                .thenApply(cards -> Answers.json(out -> {
                    out.writeStartObject();
                    out.writeStringField("source", records.source());
                    out.writeArrayFieldStart("data");
                    for (ModelCard card : cards) {
                        records.model(out, card);
                    }
                    out.writeEndArray();
                    out.writeNullField("next");
                    out.writeEndObject();
                }));
    }

    /** The newest of them, oldest first. */
    private CompletionStage<HttpResponse> history(Call call) {
        int limit = call.limit();
        return inRegistry(models::history)
                .thenApply(switches -> Answers.json(out -> {
                    out.writeStartObject();
                    out.writeStringField("source", records.source());
                    out.writeArrayFieldStart("data");
                    for (ModelSwitch entry : switches.subList(Math.max(0, switches.size() - limit), switches.size())) {
                        records.modelSwitch(out, entry);
                    }
                    out.writeEndArray();
                    out.writeNullField("next");
                    out.writeEndObject();
                }));
    }

    private CompletionStage<HttpResponse> show(Call call) {
        return card(call.pathParameter("version")).thenApply(this::answer);
    }

    private CompletionStage<HttpResponse> promote(Call call) {
        return card(call.pathParameter("version"))
                .thenCompose(card -> change(replyTo -> new Trainer.Promote(card.version(), replyTo)));
    }

    /** Only the champion can be rolled back from, so that two operators don't roll back twice. */
    private CompletionStage<HttpResponse> rollback(Call call) {
        return card(call.pathParameter("version")).thenCompose(card -> {
            if (card.state() != ModelState.CHAMPION) {
                throw Problem.of(
                        Kind.CONFLICT,
                        "Version " + card.version() + " is not the champion, it is " + card.state() + ".");
            }
            return rollback();
        });
    }

    private CompletionStage<HttpResponse> rollback() {
        return change(Trainer.Rollback::new);
    }

    private CompletionStage<HttpResponse> change(
            akka.japi.function.Function<ActorRef<Trainer.Switched>, Trainer.Command> command) {
        return AskPattern.ask(trainer, command, SWITCH_TIMEOUT, system.scheduler())
                .thenCompose(switched -> switch (switched.outcome()) {
                    case DONE -> card(switched.version()).thenApply(this::answer);
                    case REFUSED -> throw Problem.of(Kind.CONFLICT, switched.problem());
                    case UNAVAILABLE -> throw Problem.unavailable(switched.problem());
                });
    }

    private HttpResponse answer(ModelCard card) {
        return Answers.json(out -> records.model(out, card));
    }

    private CompletionStage<ModelCard> card(String version) {
        return inRegistry(() -> models.find(version)).thenApply(found -> known(version, found));
    }

    private static ModelCard known(String version, Optional<ModelCard> found) {
        return found.orElseThrow(() -> Problem.of(
                Kind.NOT_FOUND,
                "There is no model version " + Problem.shortened(version) + "; GET /api/v1/models lists them."));
    }

    private <T> CompletionStage<T> inRegistry(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, blocking);
    }
}
