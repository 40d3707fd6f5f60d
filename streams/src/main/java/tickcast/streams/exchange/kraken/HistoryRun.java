package tickcast.streams.exchange.kraken;

import java.util.ArrayList;
import java.util.List;
import tickcast.model.market.Trade;

/** One way through a symbol's REST history, page by page, from some instant towards the present. Single-threaded. */
final class HistoryRun {

    /** Why history is asked. */
    enum Purpose {
        /** Something is known or feared to be missing. */
        REPAIR,
        /** A quiet symbol: is it the market, or the subscription? */
        SILENCE_CHECK
    }

    private final Purpose purpose;
    private final long fromMicros;
    private final List<Trade> rows = new ArrayList<>();
    private long sinceNanos;
    private long askedAtMicros;
    private long coveredMicros;
    private long highestId;

    /**
     * @param fromMicros all trades from here on are wanted
     * @param nowMicros the exchange's clock
     */
    HistoryRun(Purpose purpose, long fromMicros, long nowMicros) {
        this.purpose = purpose;
        this.fromMicros = fromMicros;
        this.sinceNanos = fromMicros * 1000 - 1;
        this.askedAtMicros = nowMicros;
        this.coveredMicros = fromMicros;
    }

    /** Takes a page; trades up to {@code lagMicros} before the question may not have been in it. */
    void take(TradesPage page, long lagMicros) {
        rows.addAll(page.trades());
        long lastMicros = coveredMicros;
        for (Trade trade : page.trades()) {
            highestId = Math.max(highestId, trade.id());
            lastMicros = Math.max(lastMicros, trade.timeMicros());
        }
        coveredMicros = page.full() ? lastMicros : Math.max(lastMicros, askedAtMicros - lagMicros);
        sinceNanos = page.trades().isEmpty() ? sinceNanos : page.nextSinceNanos(sinceNanos);
    }

    /** The next page will be asked for now. */
    void goOn(long nowMicros) {
        askedAtMicros = nowMicros;
    }

    /** Trades of {@code [fromMicros, toMicros)}, repetitions where pages overlap. */
    List<Trade> between(long fromMicros, long toMicros) {
        return rows.stream()
                .filter(trade -> trade.timeMicros() >= fromMicros && trade.timeMicros() < toMicros)
                .toList();
    }

    /** Trades before the given time are no longer needed. */
    void forgetBefore(long micros) {
        rows.removeIf(trade -> trade.timeMicros() < micros);
    }

    Purpose purpose() {
        return purpose;
    }

    long fromMicros() {
        return fromMicros;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    long askedAtMicros() {
        return askedAtMicros;
    }

    /** Every trade of {@code [fromMicros, coveredMicros)} has been seen. */
    long coveredMicros() {
        return coveredMicros;
    }

    /** Highest id seen on the way. */
    long highestId() {
        return highestId;
    }
}
