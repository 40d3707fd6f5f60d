package tickcast.http.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.Http;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.AkkaManagement;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Opens a node's two ports. One that can't be had is named with its key, its number and its variable. */
final class Ports {

    private Ports() {}

    /** Opens the page, REST and WebSocket. Completes with the page's address. @throws CommandFailed as failure */
    static CompletionStage<String> bind(ActorSystem<?> system, Settings.Http http, Route routes) {
        return named(
                "tickcast.http.port",
                http.port(),
                "HTTP_PORT",
                Http.get(Adapter.toClassic(system))
                        .newServerAt(http.host(), http.port())
                        .bind(routes)
                        .thenApply(binding -> binding.addToCoordinatedShutdown(Duration.ofSeconds(1), system))
                        .thenApply(binding -> baseOf(binding.localAddress())));
    }

    /** Opens the operators' port. Completes with its address. @throws CommandFailed as failure */
    static CompletionStage<String> management(ActorSystem<?> system) {
        int port = system.settings().config().getInt("akka.management.http.port");
        return named(
                "akka.management.http.port",
                port,
                "MANAGEMENT_PORT",
                AkkaManagement.get(Adapter.toClassic(system)).start().thenApply(uri -> uri.toString()));
    }

    private static <T> CompletionStage<T> named(String key, int port, String variable, CompletionStage<T> bound) {
        return bound.exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean inUse = cause instanceof BindException || cause.getCause() instanceof BindException;
            throw new CommandFailed(
                    key + " = " + port + (inUse ? " is in use" : " can't be bound: " + cause) + "; choose another with "
                            + variable,
                    cause);
        });
    }

    private static String baseOf(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? "localhost"
                : address.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
