package tickcast.streams.exchange.replay;

import java.nio.file.Path;
import java.util.Optional;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * The rows of a {@code XBTUSD_1.csv}: time, open, high, low, close, volume, trades. A file whose first thousand rows all
 * count one trade while their volumes vary doesn't know the count: it is −1 then.
 */
final class CandleRowReader extends OrderedReader<Candle> {

    private static final int MINUTE_MICROS = 60_000_000;
    private static final int ROWS_TO_JUDGE = 1000;

    private final Symbol symbol;
    private final boolean countsKnown;

    private CandleRowReader(Path file, Symbol symbol, boolean countsKnown, Problems problems) {
        super(file, 7, MINUTE_MICROS, problems);
        this.symbol = symbol;
        this.countsKnown = countsKnown;
    }

    static CandleRowReader open(Path file, Symbol symbol, Problems problems) {
        return new CandleRowReader(file, symbol, knowsCounts(file, symbol), problems);
    }

    private static boolean knowsCounts(Path file, Symbol symbol) {
        Problems reportedLater = Problems.silent();
        try (CandleRowReader rows = new CandleRowReader(file, symbol, true, reportedLater)) {
            double firstVolume = Double.NaN;
            boolean volumesVary = false;
            for (int i = 0; i < ROWS_TO_JUDGE && rows.hasNext(); i++) {
                Candle row = rows.next();
                if (row.trades() != 1) {
                    return true;
                }
                volumesVary |= i > 0 && row.volume() != firstVolume;
                firstVolume = i == 0 ? row.volume() : firstVolume;
            }
            return !volumesVary;
        }
    }

    @Override
    Optional<Candle> read(LineReader line, long micros) {
        if (micros % MINUTE_MICROS != 0) {
            return complain("time is not the start of a minute");
        }
        double open = line.number(1);
        double high = line.number(2);
        double low = line.number(3);
        double close = line.number(4);
        double volume = line.number(5);
        double trades = line.number(6);
        if (!(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close))) {
            return complain("prices are not 0 < low <= open, close <= high");
        }
        if (!(volume >= 0)) {
            return complain("volume is no number from 0 on");
        }
        if (!(trades >= 0 && trades <= Integer.MAX_VALUE && trades == Math.rint(trades))) {
            return complain("trades is no count");
        }
        return Optional.of(new Candle(
                symbol,
                Times.ofMicros(micros),
                open,
                high,
                low,
                close,
                volume,
                Double.NaN,
                Double.NaN,
                countsKnown ? (int) trades : -1,
                -1,
                -1,
                Quality.COMPLETE,
                0,
                Times.ofMicros(micros + MINUTE_MICROS),
                true));
    }
}
