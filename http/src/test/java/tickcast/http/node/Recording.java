package tickcast.http.node;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.simulated.SimulatedMarket;
import tickcast.streams.exchange.simulated.SimulatedSettings;

/**
 * Made-up trades of some symbols, a few a minute, as an exchange would have recorded them. Ids count up from 1, so that they
 * are the line numbers of its files. A function of the arguments.
 *
 * @param trades oldest first
 */
record Recording(List<Symbol> symbols, List<Trade> trades) {

    static final List<Symbol> SYMBOLS =
            List.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"), Symbol.parse("SOL/USD"));
    private static final long SEED = 5;
    static final double ACTIVITY = 0.15;

    /** The market that recordings are cut from. */
    static SimulatedMarket market() {
        return market(ACTIVITY);
    }

    /** The same with more trades or fewer. */
    static SimulatedMarket market(double activity) {
        return new SimulatedMarket(SimulatedSettings.defaults().withSeed(SEED).withActivity(activity), SYMBOLS);
    }

    static Recording of(Instant from, Duration length) {
        return of(from, length, ACTIVITY);
    }

    static Recording of(Instant from, Duration length, double activity) {
        SimulatedMarket market = market(activity);
        List<Trade> all = new ArrayList<>();
        for (Symbol symbol : SYMBOLS) {
            long id = 1;
            for (Instant minute = from; minute.isBefore(from.plus(length)); minute = minute.plus(Candle.INTERVAL)) {
                for (Trade trade : market.trades(symbol, minute)) {
                    all.add(new Trade(symbol, id++, trade.timeMicros(), trade.price(), trade.quantity(), trade.side()));
                }
            }
        }
        all.sort(Comparator.comparingLong(Trade::timeMicros));
        return new Recording(SYMBOLS, List.copyOf(all));
    }

    List<Trade> of(Symbol symbol) {
        return trades.stream().filter(trade -> trade.symbol().equals(symbol)).toList();
    }

    /** Its trades in {@code [from, to)}, in Kraken's download layout, gzipped. */
    Path write(Path directory, Instant from, Instant to) throws IOException {
        Files.createDirectories(directory);
        for (Symbol symbol : symbols) {
            Path file = directory.resolve(symbol.base() + symbol.quote() + ".csv.gz");
            try (Writer out = new BufferedWriter(new OutputStreamWriter(
                    new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.US_ASCII))) {
                for (Trade trade : of(symbol)) {
                    if (isWithin(trade, from, to)) {
                        out.write(line(trade));
                    }
                }
            }
        }
        return directory;
    }

    private static boolean isWithin(Trade trade, Instant from, Instant to) {
        Instant time = Times.ofMicros(trade.timeMicros());
        return !time.isBefore(from) && time.isBefore(to);
    }

    private static String line(Trade trade) {
        return String.format(
                Locale.ROOT,
                "%d.%06d,%s,%s%n",
                trade.timeMicros() / 1_000_000,
                trade.timeMicros() % 1_000_000,
                plain(trade.price()),
                plain(trade.quantity()));
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).toPlainString();
    }

    /** The first minute from {@code from} on in which every symbol traded. */
    Instant firstBusyMinute(Instant from) {
        for (Instant minute = from; ; minute = minute.plus(Candle.INTERVAL)) {
            Instant start = minute;
            long traded = trades.stream()
                    .filter(trade -> isWithin(trade, start, start.plus(Candle.INTERVAL)))
                    .map(Trade::symbol)
                    .distinct()
                    .count();
            if (traded == symbols.size()) {
                return minute;
            }
        }
    }
}
