package tickcast.streams.exchange.simulated;

import java.util.Arrays;
import java.util.List;

/**
 * The market minute by minute: one common factor, hidden drifts, volatility that comes and goes with day and week, prices
 * and trade counts. A symbol's path does not depend on which other symbols there are. Single-threaded; a step costs about
 * 0.1 µs per symbol.
 */
final class MinutePath {

    private static final int MINUTES_A_WEEK = 7 * 1440;
    private static final double SLOW = decay(18 * 60);
    private static final double SLOW_STEP = 0.35 * innovation(SLOW);
    private static final double FAST = decay(40);
    private static final double FAST_STEP = 0.25 * innovation(FAST);
    private static final double OWN = decay(3 * 60);
    private static final double OWN_STEP = 0.25 * innovation(OWN);
    private static final double BUSY = decay(4);
    private static final double BUSY_STEP = 0.5 * innovation(BUSY);
    private static final double HOMEWARD = StrictMath.log(2) / (60 * 1440);
    private static final double JUMP_SHARE = 1 / 1500.0;
    private static final double HALF = Math.sqrt(0.5);
    private static final int MOST_TRADES = 100_000;
    private static final double[] SEASON = season();

    private final List<Instrument> instruments;
    private final double activity;
    private final long marketKey;
    private final long[] keys;
    private final double[] home;
    private final Noise noise = new Noise();

    private long minute;
    private double slow;
    private double fast;
    private double marketDrift;
    private final double[] own;
    private final double[] ownDrift;
    private final double[] busy;
    private final double[] openLog;
    private final double[] closeLog;
    private final double[] volatility;
    private final double[] drift;
    private final double[] surprise;
    private final int[] trades;
    private final long[] firstId;

    /** Stands before {@code firstMinute}, an epoch minute; {@link #step} leads into it. */
    MinutePath(List<Instrument> instruments, long seed, double activity, long firstMinute) {
        int count = instruments.size();
        this.instruments = instruments;
        this.activity = activity;
        this.marketKey = Noise.key(seed, "*");
        this.keys = instruments.stream()
                .mapToLong(i -> Noise.key(seed, i.symbol().name()))
                .toArray();
        this.minute = firstMinute - 1;
        this.own = new double[count];
        this.ownDrift = new double[count];
        this.busy = new double[count];
        this.openLog = new double[count];
        this.home =
                instruments.stream().mapToDouble(i -> StrictMath.log(i.price())).toArray();
        this.closeLog = home.clone();
        this.volatility = new double[count];
        this.drift = new double[count];
        this.surprise = new double[count];
        this.trades = new int[count];
        this.firstId = new long[count];
        Arrays.fill(firstId, 1);
    }

    private MinutePath(MinutePath other) {
        this.instruments = other.instruments;
        this.activity = other.activity;
        this.marketKey = other.marketKey;
        this.keys = other.keys;
        this.home = other.home;
        this.minute = other.minute;
        this.slow = other.slow;
        this.fast = other.fast;
        this.marketDrift = other.marketDrift;
        this.own = other.own.clone();
        this.ownDrift = other.ownDrift.clone();
        this.busy = other.busy.clone();
        this.openLog = other.openLog.clone();
        this.closeLog = other.closeLog.clone();
        this.volatility = other.volatility.clone();
        this.drift = other.drift.clone();
        this.surprise = other.surprise.clone();
        this.trades = other.trades.clone();
        this.firstId = other.firstId.clone();
    }

    MinutePath copy() {
        return new MinutePath(this);
    }

    /** Goes one minute on. */
    void step() {
        minute++;
        noise.seek(marketKey, minute);
        slow = SLOW * slow + SLOW_STEP * noise.normal();
        fast = FAST * fast + FAST_STEP * noise.normal();
        marketDrift = Drift.PERSISTENCE * marketDrift + Drift.STEP * noise.normal();
        double market = noise.student();
        if (noise.uniform() < JUMP_SHARE) {
            market += 7 * noise.normal();
        }
        double mood = slow + fast + SEASON[(int) Math.floorMod(minute, (long) MINUTES_A_WEEK)];
        for (int i = 0; i < keys.length; i++) {
            step(i, instruments.get(i), mood, market);
        }
    }

    private void step(int i, Instrument instrument, double mood, double market) {
        noise.seek(keys[i], minute);
        own[i] = OWN * own[i] + OWN_STEP * noise.normal();
        ownDrift[i] = Drift.PERSISTENCE * ownDrift[i] + Drift.STEP * noise.normal();
        busy[i] = BUSY * busy[i] + BUSY_STEP * noise.normal();
        drift[i] = HALF * (marketDrift + ownDrift[i]);
        double logVolatility = mood + own[i];
        volatility[i] = instrument.volatility() * Exponential.exp(logVolatility);
        double share = instrument.marketShare();
        surprise[i] = Math.sqrt(share) * market + Math.sqrt(1 - share) * noise.student();
        openLog[i] = closeLog[i];
        closeLog[i] += volatility[i] * (Drift.STRENGTH * drift[i] + surprise[i]) - HOMEWARD * (closeLog[i] - home[i]);
        firstId[i] += trades[i];
        trades[i] = count(instrument, logVolatility, busy[i], Math.abs(surprise[i]));
    }

    private int count(Instrument instrument, double logVolatility, double busyness, double turmoil) {
        double exponent = Math.min(0.8 * logVolatility + busyness + 0.25 * (turmoil - 0.75), 3.5);
        double mean = instrument.tradesPerMinute() * activity * Exponential.exp(exponent);
        boolean quiet = noise.uniform() < instrument.quietShare();
        return Math.min(noise.poisson(quiet ? 0.02 * mean : mean), MOST_TRADES);
    }

    /** The epoch minute that was stepped into last. */
    long minute() {
        return minute;
    }

    int size() {
        return keys.length;
    }

    Instrument instrument(int i) {
        return instruments.get(i);
    }

    /** Key of the symbol's randomness. */
    long key(int i) {
        return keys[i];
    }

    /** Hidden log price at the minute's start. */
    double openLog(int i) {
        return openLog[i];
    }

    /** Hidden log price at the minute's end. */
    double closeLog(int i) {
        return closeLog[i];
    }

    /** Standard deviation of the minute's log return. */
    double volatility(int i) {
        return volatility[i];
    }

    /** The minute's hidden drift, variance 1 over time. */
    double drift(int i) {
        return drift[i];
    }

    /** The minute's unforeseeable return in units of its volatility. */
    double surprise(int i) {
        return surprise[i];
    }

    /** Number of trades in the minute. */
    int trades(int i) {
        return trades[i];
    }

    /** Id of the minute's first trade, or of the next one when it has none. */
    long firstId(int i) {
        return firstId[i];
    }

    private static double decay(double halfLifeMinutes) {
        return StrictMath.pow(0.5, 1 / halfLifeMinutes);
    }

    private static double innovation(double decay) {
        return Math.sqrt(1 - decay * decay);
    }

    /** Log multiplier of volatility by minute of the week, which starts on the epoch's Thursday: busiest at 15:00, calmer at weekends. */
    private static double[] season() {
        double[] season = new double[MINUTES_A_WEEK];
        for (int i = 0; i < season.length; i++) {
            int day = i / 1440;
            boolean weekend = day == 2 || day == 3;
            double hourAngle = 2 * Math.PI * (i % 1440 - 15 * 60) / 1440;
            season[i] = 0.25 * StrictMath.cos(hourAngle) - (weekend ? 0.25 : 0);
        }
        return season;
    }
}
