package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import tickcast.model.market.Symbol;

/** How far one symbol's subscription has come on the present connection, and how long it has been quiet. Single-threaded. */
final class Subscription {

    private enum State {
        /** To be asked for. */
        WANTED,
        /** Asked for, not answered. */
        REQUESTED,
        /** Acknowledged; whether anything comes is another matter. */
        GRANTED,
        /** The exchange does not serve this symbol. */
        REFUSED
    }

    private static final int MOST_DOUBLINGS = 5;

    private final Symbol symbol;
    private State state = State.WANTED;
    private Instant since = Instant.MIN;
    private Instant quietSince = Instant.MIN;
    private long grantedMicros;
    private int quietChecks;
    private int strikes;

    Subscription(Symbol symbol) {
        this.symbol = symbol;
    }

    Symbol symbol() {
        return symbol;
    }

    /** The connection is gone, or the subscription is to be renewed. */
    void reset() {
        if (state != State.REFUSED) {
            state = State.WANTED;
        }
    }

    /** A new connection: even what was refused may be tried again. */
    void forget() {
        state = State.WANTED;
        strikes = 0;
    }

    void request(Instant now) {
        state = State.REQUESTED;
        since = now;
    }

    /** @param exchangeMicros the exchange's clock */
    void grant(Instant now, long exchangeMicros) {
        state = State.GRANTED;
        quietSince = now;
        grantedMicros = exchangeMicros;
    }

    void refuse() {
        state = State.REFUSED;
    }

    /** Trades of it came. */
    void hear(Instant now) {
        quietSince = now;
        quietChecks = 0;
        strikes = 0;
    }

    /** History knows no more than we do: the market itself is quiet. The next look is later. */
    void foundQuiet(Instant now) {
        quietSince = now;
        quietChecks = Math.min(quietChecks + 1, MOST_DOUBLINGS);
    }

    /** History knows trades that should have come. Returns how often in a row that happened. */
    int foundSilent() {
        return ++strikes;
    }

    boolean isWanted() {
        return state == State.WANTED;
    }

    boolean isGranted() {
        return state == State.GRANTED;
    }

    boolean isSettled() {
        return state == State.GRANTED || state == State.REFUSED;
    }

    boolean isUnanswered(Instant now, Duration timeout) {
        return state == State.REQUESTED && !now.isBefore(since.plus(timeout));
    }

    /** Whether it has been quiet for so long that history should be asked; twice as long after each vain look. */
    boolean isTooQuiet(Instant now, Duration silentAfter) {
        return isGranted() && !now.isBefore(quietSince.plus(silentAfter.multipliedBy(1L << quietChecks)));
    }

    /** The exchange's clock when it was acknowledged. */
    long grantedMicros() {
        return grantedMicros;
    }
}
