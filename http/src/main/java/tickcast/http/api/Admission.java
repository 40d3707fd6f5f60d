package tickcast.http.api;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpRequest;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tickcast.http.api.Problem.Kind;

/**
 * Counts requests in work and open WebSockets, in all and by remote address, and refuses what is too many. Thread safe.
 * Addresses are known when {@code akka.http.server.remote-address-attribute} is on; otherwise only the sum counts.
 */
final class Admission {

    private static final String UNKNOWN = "";

    private final int max;
    private final int maxPerAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();

    Admission(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    static String addressOf(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(address -> address.getAddress())
                .map(address -> address.getHostAddress())
                .orElse(UNKNOWN);
    }

    /** @throws Problem 503 or 429 when there are too many already; otherwise {@link #leave} must follow */
    void enter(String address) {
        if (all.get() >= max) {
            throw Problem.unavailable("All " + max + " connections are in use.");
        }
        if (!address.equals(UNKNOWN) && byAddress.getOrDefault(address, 0) >= maxPerAddress) {
            throw Problem.of(
                    Kind.TOO_MANY,
                    "Your address has " + maxPerAddress + " connections open already.",
                    akka.http.javadsl.model.headers.RawHeader.create("Retry-After", "5"));
        }
        join(address);
    }

    /** Counts one more without asking. */
    void join(String address) {
        all.incrementAndGet();
        byAddress.merge(address, 1, Integer::sum);
    }

    /** One less. */
    void leave(String address) {
        all.decrementAndGet();
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    int count() {
        return all.get();
    }
}
