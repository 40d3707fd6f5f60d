package tickcast.http.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the API counts. Thread safe. */
final class ApiMetrics {

    private record Key(String method, String route, int status) {}

    private final MeterRegistry registry;
    private final ConcurrentHashMap<Key, Timer> requests = new ConcurrentHashMap<>();
    private final AtomicInteger clients;
    private final Counter pushed;
    private final Counter conflated;
    private final Counter slowClosed;

    ApiMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.clients = registry.gauge("tickcast_http_stream_clients", new AtomicInteger());
        this.pushed = counter("tickcast_http_pushed_messages_total", "Messages of channels sent to WebSocket clients");
        this.conflated = counter(
                "tickcast_http_conflated_messages_total", "Messages that slow WebSocket clients skipped to newer ones");
        this.slowClosed = counter(
                "tickcast_http_slow_clients_closed_total", "WebSocket clients closed because they accepted nothing");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** @param route the endpoint's template, never the raw path */
    void answered(String method, String route, int status, Duration took) {
        requests.computeIfAbsent(new Key(method, route, status), this::timer).record(took);
    }

    private Timer timer(Key key) {
        return Timer.builder("tickcast_http_requests")
                .description("Answered HTTP requests")
                .tags("method", key.method(), "route", key.route(), "status", Integer.toString(key.status()))
                .register(registry);
    }

    void connected() {
        clients.incrementAndGet();
    }

    void disconnected() {
        clients.decrementAndGet();
    }

    void pushed(int messages) {
        pushed.increment(messages);
    }

    void conflated(int messages) {
        conflated.increment(messages);
    }

    void slowClosed() {
        slowClosed.increment();
    }
}
