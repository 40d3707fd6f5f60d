package tickcast.streams.exchange.simulated;

import java.util.List;
import tickcast.model.market.Side;
import tickcast.model.market.Trade;

/**
 * Makes the trades of one minute of one symbol: bursts and pauses, a price that walks from the minute's hidden start to
 * its hidden end, takers on one side of a one-tick spread, log-normal sizes. Single-threaded.
 */
final class MinuteTrades {

    private static final double MINUTE_MICROS = 60_000_000;
    private static final double BURST_SHARE = 0.6;
    private static final double SAME_SIDE_SHARE = 0.5;
    private static final double LOT = 1e8;
    private static final Quantiles SIZE = Quantiles.logNormal(1.2);
    private static final double[] POWERS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

    private final Noise noise = new Noise();
    private double[] gaps = new double[64];

    /** Adds the minute's trades, by time and id. */
    void addTo(List<Trade> trades, MinutePath path, int i) {
        int count = path.trades(i);
        if (count == 0) {
            return;
        }
        noise.seek(~path.key(i), path.minute());
        double perGap = MINUTE_MICROS / drawGaps(count);
        Instrument instrument = path.instrument(i);
        long start = path.minute() * 60_000_000L;
        double startPrice = Exponential.exp(path.openLog(i));
        double end = path.closeLog(i) - path.openLog(i);
        double buyShare = buyShare(path, i);
        double walk = 0;
        double elapsed = 0;
        boolean buys = noise.uniform() < buyShare;
        for (int n = 0; n < count; n++) {
            double left = 1 - elapsed / MINUTE_MICROS;
            double step = gaps[n] * perGap / MINUTE_MICROS;
            elapsed += gaps[n] * perGap;
            double after = Math.max(left - step, 0);
            walk += (end - walk) * Math.min(step / left, 1)
                    + path.volatility(i) * Math.sqrt(step * after / left) * noise.normal();
            if (noise.uniform() >= SAME_SIDE_SHARE) {
                buys = noise.uniform() < buyShare;
            }
            long micros = start + (long) Math.min(elapsed, MINUTE_MICROS - 1);
            trades.add(new Trade(
                    instrument.symbol(),
                    path.firstId(i) + n,
                    micros,
                    quote(instrument, startPrice * Exponential.exp(walk), buys),
                    quantity(instrument),
                    buys ? Side.BUY : Side.SELL));
        }
    }

    /** Draws one more gap than trades; short ones make bursts. Returns their sum. */
    private double drawGaps(int count) {
        if (gaps.length < count) {
            gaps = new double[2 * count];
        }
        double sum = noise.exponential() + 0.05;
        for (int n = 0; n < count; n++) {
            double gap = noise.exponential();
            gaps[n] = noise.uniform() < BURST_SHARE ? 0.03 * gap : gap;
            sum += gaps[n];
        }
        return sum;
    }

    private static double buyShare(MinutePath path, int i) {
        double share = 0.5 + Drift.FLOW * path.drift(i) + Drift.CHASE * path.surprise(i);
        return Math.min(Math.max(share, 0.05), 0.95);
    }

    /** Buyers pay the next tick above, sellers take the one below. */
    private static double quote(Instrument instrument, double price, boolean buys) {
        double ticks = POWERS[instrument.decimals()];
        double bid = Math.max(Math.floor(price * ticks), 1);
        return (buys ? bid + 1 : bid) / ticks;
    }

    private double quantity(Instrument instrument) {
        double quantity = instrument.medianQuantity() * SIZE.at(noise.bits());
        return Math.max(Math.rint(quantity * LOT), 1) / LOT;
    }
}
