package tickcast.http.node;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.training.MarketHistory;

/**
 * Hears a backtest's predictions and knows how they turned out, day by day and hour by hour, all symbols together, from the
 * first one that a model made. Single-threaded.
 */
final class OutcomesByTime implements Consumer<Prediction> {

    private static final int HOURS = 24;

    private final Map<Symbol, double[]> closes = new HashMap<>();
    private final long firstMinute;
    private final SortedMap<LocalDate, Errors> days = new TreeMap<>();
    private final long[] countByHour = new long[HOURS];
    private final SortedMap<Double, long[]> insideByHour = new TreeMap<>();
    private boolean begun;

    /** Absolute errors in expected moves. */
    private static final class Errors {
        private double said;
        private double naive;
    }

    OutcomesByTime(MarketHistory history) {
        this.firstMinute = Times.epochMinute(history.from());
        int minutes =
                Math.toIntExact(Duration.between(history.from(), history.to()).toMinutes());
        history.candles().forEach((symbol, candles) -> closes.put(symbol, closes(candles, minutes)));
    }

    private double[] closes(List<Candle> candles, int minutes) {
        double[] own = new double[minutes];
        Arrays.fill(own, Double.NaN);
        for (Candle candle : candles) {
            if (candle.quality().isWhole()) {
                own[index(Times.epochMinute(candle.openTime()))] = candle.close();
            }
        }
        return own;
    }

    private int index(long epochMinute) {
        return Math.toIntExact(epochMinute - firstMinute);
    }

    @Override
    public void accept(Prediction prediction) {
        begun |= prediction.status() == Status.LIVE;
        double actual = actual(prediction);
        if (begun && prediction.hasFigures() && prediction.volatility() > 0 && !Double.isNaN(actual)) {
            count(prediction, actual);
        }
    }

    /** The price at the target time, NaN when it is not known. */
    private double actual(Prediction prediction) {
        double[] own = closes.get(prediction.symbol());
        int index = index(Times.epochMinute(prediction.targetTime())) - 1;
        return index < own.length ? own[index] : Double.NaN;
    }

    private void count(Prediction prediction, double actual) {
        double horizon =
                Duration.between(prediction.asOf(), prediction.targetTime()).toMinutes();
        double unit = prediction.lastPrice() * prediction.volatility() * Math.sqrt(horizon);
        Errors errors =
                days.computeIfAbsent(prediction.asOf().atZone(ZoneOffset.UTC).toLocalDate(), day -> new Errors());
        errors.said += Math.abs(prediction.predictedPrice() - actual) / unit;
        errors.naive += Math.abs(prediction.lastPrice() - actual) / unit;
        int hour = prediction.asOf().atZone(ZoneOffset.UTC).getHour();
        countByHour[hour]++;
        prediction
                .intervals()
                .forEach(interval ->
                        insideByHour.computeIfAbsent(interval.coverage(), coverage -> new long[HOURS])[hour] +=
                                interval.contains(actual) ? 1 : 0);
    }

    /** Skill against naive by UTC day. */
    SortedMap<LocalDate, Double> skillByDay() {
        SortedMap<LocalDate, Double> skills = new TreeMap<>();
        days.forEach((day, errors) -> skills.put(day, 1 - errors.said / errors.naive));
        return skills;
    }

    /** Share of prices inside the interval by UTC hour, for each coverage; NaN for an hour without predictions. */
    SortedMap<Double, double[]> insideByHour() {
        SortedMap<Double, double[]> shares = new TreeMap<>();
        insideByHour.forEach((coverage, inside) -> {
            double[] share = new double[HOURS];
            for (int hour = 0; hour < HOURS; hour++) {
                share[hour] = countByHour[hour] == 0 ? Double.NaN : (double) inside[hour] / countByHour[hour];
            }
            shares.put(coverage, share);
        });
        return shares;
    }
}
