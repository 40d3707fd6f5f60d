package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** When to connect and when to give a connection up. Single-threaded. */
final class ConnectionKeeper {

    private enum State {
        WAITING,
        CONNECTING,
        OPEN
    }

    private final Duration frameTimeout;
    private final ConnectBudget budget;
    private final Backoff backoff;
    private State state = State.WAITING;
    private Instant retryAt = Instant.MIN;
    private Instant lastSign = Instant.MIN;

    ConnectionKeeper(KrakenSettings settings, ConnectBudget budget, RandomGenerator random) {
        this.frameTimeout = settings.frameTimeout();
        this.budget = budget;
        this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax(), random);
    }

    /** Whether to connect now. If so, the attempt has begun. */
    boolean beginsToConnect(Instant now) {
        boolean begins = state == State.WAITING && !now.isBefore(retryAt) && budget.spend(now);
        if (begins) {
            state = State.CONNECTING;
            lastSign = now;
        }
        return begins;
    }

    void opened(Instant now) {
        state = State.OPEN;
        lastSign = now;
    }

    /** A frame that proves the subscriptions alive came, or we ourselves did not listen. */
    void hear(Instant now) {
        lastSign = now;
    }

    /** The connection does what it is there for: the next pause may be short. */
    void proven() {
        backoff.reset();
    }

    /** Whether nothing has come for too long. */
    boolean isDead(Instant now) {
        return state != State.WAITING && !now.isBefore(lastSign.plus(frameTimeout));
    }

    /** The connection ended, or was given up. */
    void lost(Instant now) {
        state = State.WAITING;
        retryAt = now.plus(backoff.next());
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }
}
