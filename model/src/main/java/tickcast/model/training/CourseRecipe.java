package tickcast.model.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tickcast.model.indicator.Atr;
import tickcast.model.indicator.BollingerBands;
import tickcast.model.indicator.Ema;
import tickcast.model.indicator.Macd;
import tickcast.model.indicator.Obv;
import tickcast.model.indicator.Rsi;
import tickcast.model.indicator.Sma;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;

/**
 * The recipe of the popular courses, as a second baseline: the absolute price to come from prices and raw indicators, by
 * a booster with everyone's default settings, trained once on a symbol's first part. What it has not seen, such as a new
 * high, it can't say.
 */
final class CourseRecipe {

    private static final int ROUNDS = 100;
    private static final int WIDTH = 19;

    private final int horizonMinutes;
    private final int seed;

    CourseRecipe(int horizonMinutes, int seed) {
        this.horizonMinutes = horizonMinutes;
        this.seed = seed;
    }

    /** One minute's features. */
    private record Row(long asOfMinute, double close, float[] values) {}

    /**
     * Prices expected at target times from {@code start} on, by epoch minute of the target; empty when there is too
     * little to learn from.
     *
     * @param candles of one symbol
     */
    Map<Long, Double> predict(List<Candle> candles, Instant start) {
        List<Row> rows = rows(candles);
        Map<Long, Double> closes = new HashMap<>();
        rows.forEach(row -> closes.put(row.asOfMinute, row.close));
        long from = Times.epochMinute(start);
        List<Row> train = rows.stream()
                .filter(row -> row.asOfMinute + horizonMinutes <= from)
                .filter(row -> closes.containsKey(row.asOfMinute + horizonMinutes))
                .toList();
        List<Row> test = rows.stream().filter(row -> row.asOfMinute >= from).toList();
        if (train.isEmpty() || test.isEmpty()) {
            return Map.of();
        }
        float[] target = new float[train.size()];
        for (int i = 0; i < target.length; i++) {
            target[i] = closes.get(train.get(i).asOfMinute + horizonMinutes).floatValue();
        }
        try {
            return predict(train, target, test);
        } catch (XGBoostError failed) {
            throw new IllegalStateException("XGBoost could not train: " + failed.getMessage(), failed);
        }
    }

    private static List<Row> rows(List<Candle> candles) {
        Sma sma = new Sma(20);
        List<Ema> emas = List.of(new Ema(7), new Ema(14), new Ema(21), new Ema(60));
        Rsi rsi = new Rsi(14);
        Macd macd = new Macd(12, 26, 9);
        BollingerBands bollinger = new BollingerBands(20, 2);
        Atr atr = new Atr(14);
        Obv obv = new Obv();
        List<Row> rows = new ArrayList<>();
        for (Candle candle : candles) {
            double close = candle.close();
            sma.update(close);
            emas.forEach(ema -> ema.update(close));
            rsi.update(close);
            macd.update(close);
            bollinger.update(close);
            atr.update(candle.high(), candle.low(), close, candle.volume());
            obv.update(candle.high(), candle.low(), close, candle.volume());
            if (macd.isSignalWarm() && emas.get(3).isWarm()) {
                float[] values = floats(
                        candle.open(),
                        candle.high(),
                        candle.low(),
                        close,
                        candle.volume(),
                        sma.value(),
                        emas.get(0).value(),
                        emas.get(1).value(),
                        emas.get(2).value(),
                        emas.get(3).value(),
                        rsi.value(),
                        macd.value(),
                        macd.signal(),
                        macd.histogram(),
                        bollinger.value(),
                        bollinger.upper(),
                        bollinger.lower(),
                        atr.value(),
                        obv.value());
                rows.add(new Row(Times.epochMinute(candle.closeTime()), close, values));
            }
        }
        return rows;
    }

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private Map<Long, Double> predict(List<Row> train, float[] target, List<Row> test) throws XGBoostError {
        DMatrix known = new DMatrix(matrix(train), train.size(), WIDTH, Float.NaN);
        DMatrix unknown = null;
        Booster booster = null;
        try {
            known.setLabel(target);
            booster = XGBoost.train(known, parameters(), ROUNDS, Map.of(), null, null);
            unknown = new DMatrix(matrix(test), test.size(), WIDTH, Float.NaN);
            float[][] said = booster.predict(unknown);
            Map<Long, Double> prices = new HashMap<>();
            for (int i = 0; i < said.length; i++) {
                prices.put(test.get(i).asOfMinute + horizonMinutes, (double) said[i][0]);
            }
            return prices;
        } finally {
            known.dispose();
            if (unknown != null) {
                unknown.dispose();
            }
            if (booster != null) {
                booster.dispose();
            }
        }
    }

    private static float[] matrix(List<Row> rows) {
        float[] matrix = new float[rows.size() * WIDTH];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i).values, 0, matrix, i * WIDTH, WIDTH);
        }
        return matrix;
    }

    private Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("objective", "reg:squarederror");
        parameters.put("tree_method", "hist");
        parameters.put("seed", seed);
        parameters.put("nthread", 1);
        parameters.put("verbosity", 0);
        return parameters;
    }
}
