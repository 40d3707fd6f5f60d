package tickcast.streams.exchange;

import akka.Done;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.market.Symbol;

/**
 * What a market fails in is its own affair as long as others work: it is left out, the others go on, and it is knocked at
 * now and then. When it answers again, or when all fail, what feeds the markets fails, so that it begins again from what is
 * stored. Thread safe.
 */
public final class Stragglers {

    private static final Logger LOG = LoggerFactory.getLogger(Stragglers.class);

    private final StuckMarkets stuck;
    /** Those that are fed. */
    private final Set<Symbol> present = ConcurrentHashMap.newKeySet();

    private volatile Runnable changed = () -> {};

    Stragglers(IngestSettings settings) {
        this.stuck = new StuckMarkets(settings.stuckPause(), settings.longestStuckPause());
    }

    /** Whether a market has failed before, and is therefore asked only once. */
    boolean isSuspect(Symbol symbol) {
        return stuck.isSuspect(symbol);
    }

    /** Symbols, in order, that get nothing at present. */
    public Set<Symbol> leftOut() {
        return stuck.leftOut();
    }

    /** @param listener hears that {@link #leftOut} has changed */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    /**
     * What feeds the markets begins, or begins again: nobody is left out.
     *
     * @param expected whom it feeds; others are known once they are first told something
     */
    public void begin(Collection<Symbol> expected) {
        present.clear();
        present.addAll(expected);
        takeIn(leftOut());
    }

    /** These are fed by somebody else now. */
    public void release(Collection<Symbol> symbols) {
        present.removeAll(symbols);
        takeIn(symbols);
    }

    private void takeIn(Collection<Symbol> symbols) {
        if (stuck.takeIn(symbols)) {
            changed.run();
        }
    }

    /**
     * Tells a market something. Completes with whether it took it: one that did not is left out from then on. Fails when all
     * are left out, and with what is no fault of the market.
     */
    public CompletionStage<Boolean> tell(Symbol symbol, Supplier<CompletionStage<Done>> work) {
        if (stuck.isLeftOut(symbol)) {
            return CompletableFuture.completedStage(false);
        }
        present.add(symbol);
        return work.get().handle((done, failure) -> {
            if (failure != null) {
                leaveOut(symbol, failure);
            }
            return failure == null;
        });
    }

    private void leaveOut(Symbol symbol, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof MarketsUnanswered unanswered)) {
            throw new CompletionException(cause);
        }
        Duration pause = stuck.leaveOut(symbol, System.nanoTime());
        if (stuck.areAllLeftOut(present)) {
            throw unanswered;
        }
        LOG.warn("Market {} is left out for {}, the others go on: {}", symbol, pause, unanswered.getMessage());
        changed.run();
    }

    /** The market has closed a minute. */
    public void works(Symbol symbol) {
        stuck.works(symbol);
    }

    /**
     * Asks those whose pause is over whether they answer again.
     *
     * @throws MarketsBehind when some do
     */
    public void knock(MarketAsks asks) {
        Set<Symbol> returned = stuck.answering();
        if (!returned.isEmpty()) {
            throw new MarketsBehind(names(returned) + " answers again and is told what it missed.");
        }
        for (Symbol symbol : stuck.toKnockAt(System.nanoTime())) {
            asks.knock(symbol).whenComplete((answer, failure) -> {
                if (failure == null) {
                    stuck.answered(symbol);
                } else {
                    LOG.info("Market {} still does not answer: {}", symbol, failure.getMessage());
                    stuck.leaveOut(symbol, System.nanoTime());
                }
            });
        }
    }

    /** For people. */
    static String names(Collection<Symbol> symbols) {
        return symbols.stream().map(Symbol::toString).collect(Collectors.joining(", "));
    }
}
