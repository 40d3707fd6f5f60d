package tickcast.streams.exchange.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/**
 * A made-up market, the same for everybody who asks with the same seed: trades and candles of any minute since
 * {@link #EPOCH} are a function of seed and time. Correlated symbols, volatility that comes and goes, fat tails, bursts and
 * quiet minutes, and a weak hidden drift (see {@link #signalStrength}) that a good model can find. Never to be presented
 * as real.
 *
 * <p>Thread safe. The first question about a time runs the path of all symbols from the epoch to there, about 0.1 µs a
 * minute and symbol; later ones start from the nearest day.
 */
public final class SimulatedMarket {

    /** The first minute of every simulated market. */
    public static final Instant EPOCH = Instant.parse("2025-11-01T00:00:00Z");

    private static final long FIRST_MINUTE = Times.epochMinute(EPOCH);
    private static final int DAY = 1440;

    private final List<Symbol> symbols;
    private final List<MinutePath> dayStarts = new ArrayList<>();

    /** @throws IllegalArgumentException when there is no symbol or one comes twice */
    public SimulatedMarket(SimulatedSettings settings, List<Symbol> symbols) {
        if (symbols.isEmpty() || symbols.stream().distinct().count() < symbols.size()) {
            throw new IllegalArgumentException("symbols must be some, each once, were " + symbols);
        }
        this.symbols = List.copyOf(symbols);
        List<Instrument> instruments = symbols.stream().map(Instrument::of).toList();
        dayStarts.add(new MinutePath(instruments, settings.seed(), settings.activity(), FIRST_MINUTE));
    }

    public List<Symbol> symbols() {
        return symbols;
    }

    /** What knowing the hidden drift would be worth. */
    public static SignalStrength signalStrength(Duration horizon) {
        return Drift.strength((int) horizon.toMinutes());
    }

    /**
     * The return that one who sees the hidden drift expects: the best forecast there is, for judging others.
     *
     * @param asOf a minute's end after the epoch
     * @return log return over the horizon, volatility taken as it is
     */
    public double expectedLogReturn(Symbol symbol, Instant asOf, Duration horizon) {
        MinutePath path = pathInto(Times.epochMinute(asOf) - 1);
        int i = indexOf(symbol);
        return path.volatility(i) * Drift.STRENGTH * path.drift(i) * Drift.reach((int) horizon.toMinutes());
    }

    /** Trades of the minute that starts at {@code openTime}, by time and id; ids count up from 1 at the epoch. */
    public List<Trade> trades(Symbol symbol, Instant openTime) {
        List<Trade> trades = new ArrayList<>();
        new MinuteTrades().addTo(trades, pathInto(Times.epochMinute(openTime)), indexOf(symbol));
        return trades;
    }

    /**
     * Candles of the minutes in {@code [from, to)}: exactly those that its trades make, as imported history. Minutes before
     * a symbol's first trade have none.
     */
    public List<Candle> candles(Symbol symbol, Instant from, Instant to) {
        List<Candle> candles = new ArrayList<>();
        addCandles(candles, indexOf(symbol), from, to);
        return candles;
    }

    /** As {@link #candles(Symbol, Instant, Instant)} for every symbol, one symbol after the other. */
    public List<Candle> candles(Instant from, Instant to) {
        List<Candle> candles = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            addCandles(candles, i, from, to);
        }
        return candles;
    }

    private void addCandles(List<Candle> candles, int i, Instant from, Instant to) {
        Symbol symbol = symbols.get(i);
        long first = Math.max(Times.epochMinute(from), FIRST_MINUTE);
        long end = Times.epochMinute(to);
        double lastPrice = lastPriceBefore(i, first);
        CandleBuilder builder = new CandleBuilder(symbol);
        MinuteTrades maker = new MinuteTrades();
        List<Trade> trades = new ArrayList<>();
        MinutePath path = pathBefore(first);
        for (long minute = first; minute < end; minute++) {
            path.step();
            trades.clear();
            maker.addTo(trades, path, i);
            trades.forEach(builder::add);
            Instant openTime = Times.ofEpochMinute(minute);
            var candle = builder.close(openTime, Coverage.SEEN, lastPrice, openTime.plus(Candle.INTERVAL));
            if (candle.isPresent()) {
                candles.add(candle.get().asImported());
                lastPrice = candle.get().close();
            }
        }
    }

    /** Price of the symbol's last trade before a minute, NaN when there was none. */
    private double lastPriceBefore(int i, long minute) {
        MinuteTrades maker = new MinuteTrades();
        for (long last = minute - 1; last >= FIRST_MINUTE; last--) {
            MinutePath path = pathInto(last);
            if (path.trades(i) > 0) {
                List<Trade> trades = new ArrayList<>();
                maker.addTo(trades, path, i);
                return trades.get(trades.size() - 1).price();
            }
        }
        return Double.NaN;
    }

    /** A walk through all symbols' trades, minute by minute. */
    Walk walk(Instant from) {
        return new Walk(pathBefore(Times.epochMinute(from)));
    }

    /** Trades of all symbols, one minute at a time. Single-threaded. */
    static final class Walk {

        private static final Comparator<Trade> BY_TIME = Comparator.comparingLong(Trade::timeMicros);

        private final MinutePath path;
        private final MinuteTrades maker = new MinuteTrades();

        private Walk(MinutePath path) {
            this.path = path;
        }

        /** All trades of the next minute by time; those of one instant in the order of symbols and ids. */
        List<Trade> nextMinute() {
            path.step();
            List<Trade> trades = new ArrayList<>();
            for (int i = 0; i < path.size(); i++) {
                maker.addTo(trades, path, i);
            }
            trades.sort(BY_TIME);
            return trades;
        }
    }

    private int indexOf(Symbol symbol) {
        int i = symbols.indexOf(symbol);
        if (i < 0) {
            throw new IllegalArgumentException(symbol + " is not simulated here; there are " + symbols);
        }
        return i;
    }

    private MinutePath pathInto(long minute) {
        MinutePath path = pathBefore(minute);
        path.step();
        return path;
    }

    /** A path of one's own that stands before a minute. */
    private MinutePath pathBefore(long minute) {
        if (minute < FIRST_MINUTE) {
            throw new IllegalArgumentException("the simulated market begins at " + Times.iso(EPOCH) + ", asked for "
                    + Times.iso(Times.ofEpochMinute(minute)));
        }
        MinutePath path = dayStart((int) ((minute - FIRST_MINUTE) / DAY));
        while (path.minute() < minute - 1) {
            path.step();
        }
        return path;
    }

    private synchronized MinutePath dayStart(int day) {
        while (dayStarts.size() <= day) {
            MinutePath path = dayStarts.get(dayStarts.size() - 1).copy();
            for (int i = 0; i < DAY; i++) {
                path.step();
            }
            dayStarts.add(path);
        }
        return dayStarts.get(day).copy();
    }
}
