package tickcast.http.node;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: the whole system, or the roles that are named. */
@Command(
        name = "serve",
        description = "Runs the whole system (the default command); --roles picks some of it.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            description = "Comma-separated: technical-indicators, market-sentiment, prediction-generator,"
                    + " prediction-api, monitoring-service, train-model. Default: all.")
    private String roles;

    @Override
    public Integer call() {
        Config config = roles == null ? NodeConfig.load() : NodeConfig.load(rolesConfig());
        Settings settings = Settings.of(config);
        Preflight.check(settings, config);
        PrintWriter words = spec.commandLine().getErr();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        ActorSystem<Guardian.Command> system = ActorSystem.create(
                Guardian.create(settings, words, ended::completeExceptionally),
                "tickcast",
                NodeConfig.withClusterRoles(config, settings.roles()));
        system.getWhenTerminated().whenComplete((done, failure) -> ended.complete(0));
        return await(ended, system);
    }

    private Config rolesConfig() {
        return ConfigFactory.empty().withValue("tickcast.roles", ConfigValueFactory.fromAnyRef(roles));
    }

    private static Integer await(CompletableFuture<Integer> ended, ActorSystem<?> system) {
        try {
            return ended.join();
        } catch (CompletionException e) {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
            throw e.getCause() instanceof CommandFailed || e.getCause() instanceof WrongSetting
                    ? (RuntimeException) e.getCause()
                    : new CommandFailed("The system could not start: " + e.getCause(), e.getCause());
        }
    }
}
