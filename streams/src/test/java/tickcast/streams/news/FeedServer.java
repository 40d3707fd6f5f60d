package tickcast.streams.news;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A web server on loopback that answers each path by script; the last answer of a script goes on for ever. */
final class FeedServer implements AutoCloseable {

    private final Map<String, Queue<Function<HttpRequest, CompletionStage<HttpResponse>>>> scripts =
            new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<HttpRequest>> requests = new ConcurrentHashMap<>();
    private final ServerBinding binding;

    FeedServer(ActorSystem<?> system) {
        this.binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(this::answer)
                .toCompletableFuture()
                .join();
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request) {
        String path = request.getUri().path();
        asked(path).add(request);
        Queue<Function<HttpRequest, CompletionStage<HttpResponse>>> script =
                scripts.getOrDefault(path, new ConcurrentLinkedQueue<>());
        Function<HttpRequest, CompletionStage<HttpResponse>> answer = script.size() > 1 ? script.poll() : script.peek();
        return answer == null
                ? CompletableFuture.completedStage(HttpResponse.create().withStatus(404))
                : answer.apply(request);
    }

    private BlockingQueue<HttpRequest> asked(String path) {
        return requests.computeIfAbsent(path, p -> new LinkedBlockingQueue<>());
    }

    String url(String path) {
        return "http://127.0.0.1:" + binding.localAddress().getPort() + path;
    }

    FeedServer on(String path, HttpResponse... answers) {
        for (HttpResponse answer : answers) {
            on(path, request -> CompletableFuture.completedStage(answer));
        }
        return this;
    }

    FeedServer on(String path, Function<HttpRequest, CompletionStage<HttpResponse>> answer) {
        scripts.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).add(answer);
        return this;
    }

    /** The next request of a path, in order of arrival. */
    HttpRequest request(String path) throws InterruptedException {
        HttpRequest request = asked(path).poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("nobody asked for " + path);
        }
        return request;
    }

    int waiting(String path) {
        return asked(path).size();
    }

    static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }

    @Override
    public void close() {
        binding.terminate(java.time.Duration.ofSeconds(1)).toCompletableFuture().join();
    }
}
