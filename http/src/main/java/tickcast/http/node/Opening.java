package tickcast.http.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.actors.prediction.Explainer;
import tickcast.actors.training.Trainer;
import tickcast.http.api.Api;
import tickcast.http.api.Health;

/** Opens a node to the outside: names its duties, which readiness asks, and what is shown beside them; opens its ports. */
final class Opening {

    private final ActorSystem<?> system;
    private final Settings settings;
    private final Wiring.Ground ground;
    private final PrometheusMeterRegistry meters;
    private final InstantSource wall;

    Opening(
            ActorSystem<?> system,
            Settings settings,
            Wiring.Ground ground,
            PrometheusMeterRegistry meters,
            InstantSource wall) {
        this.system = system;
        this.settings = settings;
        this.ground = ground;
        this.meters = meters;
        this.wall = wall;
    }

    /** Completes when the page can be opened, with what is not as it should be at that moment. */
    CompletionStage<Serving> open(ActorRef<Trainer.Command> trainer) {
        Health health = duties();
        CompletionStage<String> management = Ports.management(system);
        CompletionStage<String> page = runs(Role.PREDICTION_API) ? page(trainer) : CompletableFuture.completedStage("");
        boolean predicts = runs(Role.TECHNICAL_INDICATORS) && runs(Role.PREDICTION_GENERATOR);
        return management
                .thenCombine(page, Addresses::new)
                .thenCombine(
                        health.problems(),
                        (addresses, problems) -> new Serving(
                                addresses.page(), predicts, addresses.management(), String.join(", ", problems)));
    }

    private record Addresses(String management, String page) {}

    private boolean runs(Role role) {
        return settings.roles().contains(role);
    }

    private Health duties() {
        Health health = Health.of(system);
        health.require("archive", ground.archive()::probe);
        ground.bus().ifPresent(bus -> {
            health.require("kafka", bus::probe);
            health.show("archiving", bus::archiving);
        });
        health.show("source", ground.source()::key);
        health.show("feed", ground.live()::feed);
        health.show("history", ground.live()::history);
        return health;
    }

    private CompletionStage<String> page(ActorRef<Trainer.Command> trainer) {
        ActorRef<Explainer.Command> explainer =
                system.systemActorOf(Explainer.create(ground.registry()), "explainer", Explainer.dispatcher());
        Api.Parts parts = new Api.Parts(
                ground.archive(), ground.registry(), trainer, explainer, ground.live(), meters, meters::scrape);
        return Ports.bind(system, settings.http(), Api.create(system, ground.api(), parts, wall));
    }
}
