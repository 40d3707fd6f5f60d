package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** At most so many connects per rolling window. Thread safe: the probe and the feed share one. */
final class ConnectBudget {

    private final int most;
    private final Duration window;
    private final ArrayDeque<Instant> spent = new ArrayDeque<>();

    ConnectBudget(int most, Duration window) {
        this.most = most;
        this.window = window;
    }

    /** Takes one connect out of the budget, if there is one. */
    synchronized boolean spend(Instant now) {
        while (!spent.isEmpty() && !spent.peekFirst().isAfter(now.minus(window))) {
            spent.removeFirst();
        }
        if (spent.size() >= most) {
            return false;
        }
        spent.addLast(now);
        return true;
    }
}
