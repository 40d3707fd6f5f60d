package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/**
 * Asks history for what is in doubt, one run per symbol at a time, and gives up asking for what history does not have.
 * Single-threaded.
 */
final class Repairs {

    /** So many vain runs in a row and what is missing stays missing: some 10 minutes with the usual settings. */
    private static final int MOST_VAIN_RUNS = 16;

    private static final int MOST_DOUBLINGS = 6;

    /** What a run has shown about a subscription. */
    enum Finding {
        /** Nothing that matters to the subscription. */
        NONE,
        /** The market is quiet. */
        QUIET,
        /** History knows trades that the subscription should have brought. */
        SILENT
    }

    private static final class Case {
        private final SymbolTrack track;
        private final Subscription subscription;
        private final Backoff backoff;
        private HistoryRun run;
        private boolean silent;
        private Instant notBefore = Instant.MIN;
        private int vainRuns;

        Case(SymbolTrack track, Subscription subscription, Backoff backoff) {
            this.track = track;
            this.subscription = subscription;
            this.backoff = backoff;
        }
    }

    private final KrakenSettings settings;
    private final Reconciler reconciler;
    private final FeedMetrics metrics;
    private final BiConsumer<Symbol, Long> ask;
    private final Map<Symbol, Case> cases = new HashMap<>();
    private final long lagMicros;

    /** @param ask asks REST for one page of a symbol's trades since epoch nanoseconds */
    Repairs(
            KrakenSettings settings,
            Reconciler reconciler,
            Subscriptions subscriptions,
            FeedMetrics metrics,
            RandomGenerator random,
            BiConsumer<Symbol, Long> ask) {
        this.settings = settings;
        this.reconciler = reconciler;
        this.metrics = metrics;
        this.ask = ask;
        this.lagMicros = settings.historyLag().toNanos() / 1000;
        for (SymbolTrack track : reconciler.tracks()) {
            Backoff backoff = new Backoff(settings.backoffMin(), settings.backoffMax(), random);
            cases.put(track.symbol(), new Case(track, subscriptions.of(track.symbol()), backoff));
        }
    }

    /** Starts the runs that are due. */
    void tick(Instant now) {
        for (Case aCase : cases.values()) {
            boolean may =
                    aCase.run == null && !now.isBefore(aCase.notBefore) && !reconciler.isRefused(aCase.track.symbol());
            if (may) {
                start(aCase, now);
            }
        }
    }

    private void start(Case aCase, Instant now) {
        long exchangeMicros = reconciler.exchangeMicros(now);
        boolean tailDue = aCase.track.isTailInDoubt()
                && aCase.subscription.isGranted()
                && exchangeMicros >= aCase.subscription.grantedMicros() + lagMicros;
        boolean tooQuiet = aCase.subscription.isTooQuiet(now, settings.silentSymbolAfter());
        if (!aCase.track.needsHistory() && !tailDue && !tooQuiet) {
            return;
        }
        long from = aCase.track.historyFrom(tailDue || tooQuiet, reconciler.passedMicros());
        HistoryRun.Purpose purpose = tooQuiet ? HistoryRun.Purpose.SILENCE_CHECK : HistoryRun.Purpose.REPAIR;
        aCase.run = new HistoryRun(purpose, from, exchangeMicros);
        aCase.silent = false;
        ask.accept(aCase.track.symbol(), aCase.run.sinceNanos());
    }

    /** An answer came. */
    Finding take(Symbol symbol, TradesPage page, Instant now) {
        Case aCase = cases.get(symbol);
        aCase.backoff.reset();
        aCase.silent |= tellMissing(aCase, page);
        reconciler.revise(symbol, aCase.track.rebuilt(aCase.run, now));
        boolean wantsMore = aCase.track.needsHistory() || aCase.track.isTailInDoubt() || isSilenceCheck(aCase);
        if (page.full() && wantsMore) {
            aCase.run.goOn(reconciler.exchangeMicros(now));
            ask.accept(symbol, aCase.run.sinceNanos());
            return Finding.NONE;
        }
        return finish(aCase, page, now);
    }

    /** Tells what had been missing. Returns whether the subscription should have brought some of it. */
    private boolean tellMissing(Case aCase, TradesPage page) {
        Map<Trade, SymbolTrack.Taken> missed =
                aCase.track.takeHistory(aCase.run, page, lagMicros, reconciler.passedMicros());
        List<Trade> told = new ArrayList<>();
        missed.forEach((trade, taken) -> {
            if (taken == SymbolTrack.Taken.TELL) {
                told.add(trade);
            }
        });
        metrics.repaired(missed.size());
        reconciler.tell(told);
        long settledBefore = aCase.run.askedAtMicros() - 2 * lagMicros;
        return aCase.subscription.isGranted()
                && missed.keySet().stream()
                        .anyMatch(trade -> trade.timeMicros() > aCase.subscription.grantedMicros() + lagMicros
                                && trade.timeMicros() < settledBefore);
    }

    private Finding finish(Case aCase, TradesPage page, Instant now) {
        HistoryRun run = aCase.run;
        aCase.run = null;
        if (!page.full()) {
            endTail(aCase, run);
        }
        if (aCase.track.needsHistory()) {
            retryLater(aCase, now);
        } else {
            aCase.vainRuns = 0;
        }
        if (run.purpose() != HistoryRun.Purpose.SILENCE_CHECK) {
            return Finding.NONE;
        }
        return aCase.silent ? Finding.SILENT : Finding.QUIET;
    }

    private void endTail(Case aCase, HistoryRun run) {
        boolean subscribedBefore =
                aCase.subscription.isGranted() && run.askedAtMicros() >= aCase.subscription.grantedMicros() + lagMicros;
        if (subscribedBefore) {
            aCase.track.trustTail();
        } else {
            aCase.track.tailReached(run.coveredMicros());
        }
    }

    private void retryLater(Case aCase, Instant now) {
        Duration pause = settings.historyLag().multipliedBy(1L << Math.min(aCase.vainRuns, MOST_DOUBLINGS));
        aCase.notBefore = now.plus(pause);
        aCase.vainRuns++;
        if (aCase.vainRuns >= MOST_VAIN_RUNS) {
            metrics.bad("unfillable-hole", aCase.track.symbol().name());
            aCase.track.giveUp();
            aCase.vainRuns = 0;
        }
    }

    /** No answer came. */
    void fail(Symbol symbol, Instant now) {
        Case aCase = cases.get(symbol);
        aCase.run = null;
        aCase.notBefore = now.plus(aCase.backoff.next());
    }

    private static boolean isSilenceCheck(Case aCase) {
        return aCase.run.purpose() == HistoryRun.Purpose.SILENCE_CHECK;
    }
}
