package tickcast.http.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.streams.exchange.TradeFeed;

/** A whole node in this JVM, as {@code serve} starts it, on free ports of loopback. */
final class TestNode implements AutoCloseable {

    private static final Pattern PAGE = Pattern.compile("Page\\s+http://127\\.0\\.0\\.1:(\\d+)/");
    private static final long PATIENCE_SECONDS = 60;

    private final ActorSystem<Guardian.Command> system;
    private final CompletableFuture<Integer> port;
    private final int managementPort;

    private TestNode(ActorSystem<Guardian.Command> system, CompletableFuture<Integer> port, int managementPort) {
        this.system = system;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** Hears the greeting. */
    private static final class Words extends StringWriter {

        private final CompletableFuture<Integer> port = new CompletableFuture<>();

        @Override
        public void flush() {
            Matcher page = PAGE.matcher(toString());
            if (page.find()) {
                port.complete(Integer.parseInt(page.group(1)));
            }
        }
    }

    /** @param settings over the defaults; training is off and no news is read unless they say otherwise */
    static TestNode start(Map<String, ?> settings) {
        return start(settings, InstantSource.system(), event -> {});
    }

    /** @param listener hears what the node publishes, from some moments after the start on */
    static TestNode start(Map<String, ?> settings, InstantSource clock, Consumer<Published> listener) {
        return start(
                settings,
                (read, words) ->
                        Guardian.create(read, clock, new PrintWriter(words), words.port::completeExceptionally),
                listener);
    }

    /** A node with a feed of the test's own, which belongs to no setting. */
    static TestNode start(Map<String, ?> settings, TradeFeed feed, Consumer<Published> listener) {
        return start(settings, (read, words) -> fed(read, words, feed), listener);
    }

    private static Behavior<Guardian.Command> fed(Settings settings, Words words, TradeFeed feed) {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            new Wiring(context.getSystem(), settings, InstantSource.system())
                    .start(context, new FeedChoice(feed, ""))
                    .whenComplete((serving, failure) -> {
                        if (failure == null) {
                            words.write(serving.greeting());
                            words.flush();
                        } else {
                            words.port.completeExceptionally(failure);
                        }
                    });
            return Behaviors.empty();
        });
    }

    /** What a node's guardian is. */
    @FunctionalInterface
    private interface NodeBehavior {
        Behavior<Guardian.Command> of(Settings settings, Words words);
    }

    private static TestNode start(Map<String, ?> settings, NodeBehavior behavior, Consumer<Published> listener) {
        int managementPort = freePort();
        Map<String, Object> all = new HashMap<>(Map.of(
                "tickcast.http.port",
                0,
                "akka.management.http.port",
                managementPort,
                "tickcast.training.enabled",
                false,
                "tickcast.news.feeds",
                ""));
        all.putAll(settings);
        Config config = NodeConfig.load(ConfigFactory.parseMap(all));
        Settings read = Settings.of(config);
        Words words = new Words();
        ActorSystem<Guardian.Command> system = ActorSystem.create(
                behavior.of(read, words), "tickcast", NodeConfig.withClusterRoles(config, read.roles()));
        ActorRef<Topic.Command<Published>> topic = system.systemActorOf(Topics.create(), "drill-topic", Props.empty());
        Topics.subscribe(topic, system.systemActorOf(hearing(listener), "drill-listener", Props.empty()));
        return new TestNode(system, words.port, managementPort);
    }

    private static Behavior<Published> hearing(Consumer<Published> listener) {
        return Behaviors.receiveMessage(event -> {
            listener.accept(event);
            return Behaviors.same();
        });
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays a recording to its end. */
    static void playToTheEnd(Map<String, ?> settings, long patienceSeconds) throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        Consumer<Published> listener = event -> {
            if (event instanceof Published.FeedChanged feed && feed.state() == FeedState.ENDED) {
                end.complete(feed.detail());
            }
        };
        try (TestNode node = start(settings, InstantSource.system(), listener)) {
            node.port.exceptionally(failure -> {
                end.completeExceptionally(failure);
                return 0;
            });
            end.get(patienceSeconds, TimeUnit.SECONDS);
        }
    }

    /** Waits until the page can be opened. */
    int port() throws Exception {
        return port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    int managementPort() {
        return managementPort;
    }

    /** Stops the node as Ctrl-C does, and waits. */
    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
