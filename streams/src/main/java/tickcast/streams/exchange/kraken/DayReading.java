package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;

/**
 * One way through a day of history: its gaps from the oldest to the newest, each page by page. What is stored and whole is
 * not asked for. Single-threaded.
 */
final class DayReading {

    private record Gap(Instant from, Instant until, double priceBefore) {}

    private final HistoryDays.Day day;
    private final Deque<Gap> gaps = new ArrayDeque<>();
    private final Map<Instant, Candle> torn = new HashMap<>();
    private MinuteCollector minutes;
    private long untilMicros;
    private long sinceNanos;
    private Instant reached;

    /** @param stored the day's candles and, if there is one, the candle right before it */
    DayReading(HistoryDays.Day day, List<Candle> stored) {
        this.day = day;
        this.reached = day.start();
        findGaps(stored);
        beginNextGap();
    }

    private void findGaps(List<Candle> stored) {
        Instant next = day.start();
        double price = Double.NaN;
        for (Candle candle : stored) {
            if (!candle.quality().isWhole()) {
                torn.put(candle.openTime(), candle);
                continue;
            }
            if (candle.openTime().isAfter(next)) {
                gaps.add(new Gap(next, candle.openTime(), price));
            }
            price = candle.close();
            next = candle.closeTime().isAfter(next) ? candle.closeTime() : next;
        }
        if (next.isBefore(day.end())) {
            gaps.add(new Gap(next, day.end(), price));
        }
    }

    private boolean beginNextGap() {
        Gap gap = gaps.poll();
        if (gap == null) {
            reached = day.end();
            minutes = null;
            return false;
        }
        minutes = new MinuteCollector(day.symbol(), gap.from(), gap.until(), gap.priceBefore());
        untilMicros = Times.micros(gap.until());
        sinceNanos = Times.micros(gap.from()) * 1000 - 1;
        reached = gap.from();
        return true;
    }

    HistoryDays.Day day() {
        return day;
    }

    /** Whether there is nothing left to ask. */
    boolean isComplete() {
        return minutes == null;
    }

    /** What to ask for next. */
    long sinceNanos() {
        return sinceNanos;
    }

    /**
     * Takes the answer.
     *
     * @return candles to be stored, with nominal known-at
     * @throws KrakenRestException when the answer leads nowhere
     */
    List<Candle> take(TradesPage page) {
        boolean isLast = page.trades().isEmpty() || page.lastNanos() / 1000 >= untilMicros;
        List<Candle> candles = new java.util.ArrayList<>(minutes.take(page, day.start()));
        if (isLast) {
            candles.addAll(minutes.finish(day.start()));
            beginNextGap();
        } else {
            sinceNanos = following(page);
            reached = Times.minuteOf(Times.ofMicros(page.lastNanos() / 1000));
        }
        return candles.stream().map(this::imported).toList();
    }

    private long following(TradesPage page) {
        long next = page.nextSinceNanos(sinceNanos);
        if (next <= sinceNanos) {
            throw new KrakenRestException(
                    KrakenRestException.Kind.MALFORMED, "a page of trades that ends before it begins");
        }
        return next;
    }

    private Candle imported(Candle candle) {
        Candle history = candle.asImported();
        return Optional.ofNullable(torn.get(candle.openTime()))
                .map(known -> history.withRevision(known.revision() + 1, history.knownAt()))
                .orElse(history);
    }

    /** How much of the day is behind, 0 to 1. */
    double part() {
        return (double) Duration.between(day.start(), reached).toMillis() / HistoryDays.DAY.toMillis();
    }
}
