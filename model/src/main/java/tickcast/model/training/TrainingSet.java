package tickcast.model.training;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * Vectors by point in time with what came {@code horizon} minutes later, all symbols pooled, rows by as-of and then
 * symbol. One float per value: 170,000 rows of 80 features take 55 MB. A part shares the memory of its whole.
 */
public final class TrainingSet {

    private final Shape shape;
    private final Columns columns;
    private final int first;
    private final int end;
    private final Instant historyFrom;
    private final Instant historyTo;

    private TrainingSet(Shape shape, Columns columns, int first, int end, Instant historyFrom, Instant historyTo) {
        this.shape = shape;
        this.columns = columns;
        this.first = first;
        this.end = end;
        this.historyFrom = historyFrom;
        this.historyTo = historyTo;
    }

    /** @param symbols sorted */
    record Shape(String schemaId, String schemaHash, List<String> features, int horizonMinutes, List<Symbol> symbols) {}

    public String schemaId() {
        return shape.schemaId;
    }

    public String schemaHash() {
        return shape.schemaHash;
    }

    /** Names of all features of the schema, in order. */
    public List<String> features() {
        return shape.features;
    }

    public int horizonMinutes() {
        return shape.horizonMinutes;
    }

    public List<Symbol> symbols() {
        return shape.symbols;
    }

    public int rows() {
        return end - first;
    }

    /** Where the candles begin that the rows were made from. */
    public Instant historyFrom() {
        return historyFrom;
    }

    /** Where they end. */
    public Instant historyTo() {
        return historyTo;
    }

    public Duration history() {
        return Duration.between(historyFrom, historyTo);
    }

    public Instant asOf(int row) {
        return Times.ofEpochMinute(columns.minutes[first + row]);
    }

    long epochMinute(int row) {
        return columns.minutes[first + row];
    }

    public Symbol symbol(int row) {
        return shape.symbols.get(columns.symbols[first + row]);
    }

    /** NaN = not known. */
    public float value(int row, int feature) {
        return columns.values[(first + row) * shape.features.size() + feature];
    }

    /** Copies one row's values. */
    void copyRow(int row, float[] target, int at) {
        int width = shape.features.size();
        System.arraycopy(columns.values, (first + row) * width, target, at, width);
    }

    public double lastPrice(int row) {
        return columns.lastPrices[first + row];
    }

    /** One-minute volatility that was expected; positive. */
    public double volatility(int row) {
        return columns.volatilities[first + row];
    }

    /** Log return from the last price to the close at as-of + horizon. */
    public double label(int row) {
        return columns.labels[first + row];
    }

    /** The label in units of σ√horizon. */
    public double z(int row) {
        return label(row) / (volatility(row) * Math.sqrt(shape.horizonMinutes));
    }

    /** Realised volatility of the minutes up to the target time, in the same units: one like any other is near 1. */
    public double realised(int row) {
        return columns.paths[first + row] / (volatility(row) * Math.sqrt(shape.horizonMinutes));
    }

    /** First row whose as-of is not before {@code time}. */
    int rowAt(Instant time) {
        int found = Arrays.binarySearch(columns.minutes, first, end, Times.epochMinute(time));
        int row = found < 0 ? -found - 1 : found;
        while (row > first && columns.minutes[row - 1] >= Times.epochMinute(time)) {
            row--;
        }
        return row - first;
    }

    /** The rows whose as-of is before {@code time}. */
    TrainingSet before(Instant time) {
        return new TrainingSet(shape, columns, first, first + rowAt(time), historyFrom, earlier(historyTo, time));
    }

    /** The rows whose as-of is not before {@code time}. */
    TrainingSet since(Instant time) {
        return new TrainingSet(shape, columns, first + rowAt(time), end, historyFrom, historyTo);
    }

    /** What could have been known at {@code now}: rows whose target time is not after it. */
    public TrainingSet knownAt(Instant now) {
        TrainingSet known =
                before(now.minus(Duration.ofMinutes(shape.horizonMinutes)).plusSeconds(60));
        return new TrainingSet(shape, columns, known.first, known.end, historyFrom, earlier(historyTo, now));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** The same rows with the labels given, reached on straight paths; for negative controls. */
    TrainingSet withLabels(double[] labels) {
        if (labels.length != columns.labels.length || first != 0) {
            throw new IllegalArgumentException("labels must fit a whole set");
        }
        Columns relabelled = new Columns(
                columns.values,
                columns.minutes,
                columns.symbols,
                columns.lastPrices,
                columns.volatilities,
                labels.clone(),
                Arrays.stream(labels).map(Math::abs).toArray());
        return new TrainingSet(shape, relabelled, first, end, historyFrom, historyTo);
    }

    double[] labels() {
        return Arrays.copyOfRange(columns.labels, first, end);
    }

    /** SHA-256, hex, over everything a model could learn from. */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            int width = shape.features.size();
            ByteBuffer row = ByteBuffer.allocate(width * Float.BYTES + 4 * Double.BYTES + 2 * Long.BYTES);
            for (int i = first; i < end; i++) {
                row.clear();
                row.putLong(columns.minutes[i]).putLong(columns.symbols[i]);
                row.putDouble(columns.lastPrices[i])
                        .putDouble(columns.volatilities[i])
                        .putDouble(columns.labels[i])
                        .putDouble(columns.paths[i]);
                row.asFloatBuffer().put(columns.values, i * width, width);
                digest.update(row.rewind());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    /** Parallel arrays; the index is the row of the whole set. */
    private record Columns(
            float[] values,
            long[] minutes,
            short[] symbols,
            double[] lastPrices,
            double[] volatilities,
            double[] labels,
            double[] paths) {}

    /** A builder for rows that come by as-of, then symbol. */
    public static Builder builder(
            String schemaId, String schemaHash, List<String> features, int horizonMinutes, List<Symbol> symbols) {
        return new Builder(new Shape(
                schemaId,
                schemaHash,
                List.copyOf(features),
                horizonMinutes,
                symbols.stream().sorted().toList()));
    }

    /** Takes rows one by one. Single-threaded. */
    public static final class Builder {

        private final Shape shape;
        private final int width;
        private float[] values;
        private long[] minutes = new long[1024];
        private short[] symbols = new short[1024];
        private double[] lastPrices = new double[1024];
        private double[] volatilities = new double[1024];
        private double[] labels = new double[1024];
        private double[] paths = new double[1024];
        private int rows;

        private Builder(Shape shape) {
            this.shape = shape;
            this.width = shape.features.size();
            this.values = new float[1024 * width];
        }

        /** Adds a vector and what came, on a straight path. */
        public Builder add(FeatureVector vector, double label) {
            return add(vector, label, Math.abs(label));
        }

        /** Adds a vector and what came. @param path root of the sum of squared one-minute log returns up to the target */
        public Builder add(FeatureVector vector, double label, double path) {
            long minute = Times.epochMinute(vector.asOf());
            int symbol = shape.symbols.indexOf(vector.symbol());
            if (rows > 0
                    && (minute < minutes[rows - 1] || minute == minutes[rows - 1] && symbol <= symbols[rows - 1])) {
                throw new IllegalArgumentException("rows come by as-of and symbol, each once; at " + vector.asOf());
            }
            if (symbol < 0
                    || vector.values().length != width
                    || !vector.schemaHash().equals(shape.schemaHash)) {
                throw new IllegalArgumentException("a vector of " + vector.symbol() + " with schema "
                        + vector.schemaHash() + " does not belong to this set");
            }
            if (!(vector.volatility() > 0) || !Double.isFinite(label) || !(path >= 0)) {
                throw new IllegalArgumentException("a row needs volatility and a label, at " + vector.asOf());
            }
            grow();
            minutes[rows] = minute;
            symbols[rows] = (short) symbol;
            lastPrices[rows] = vector.lastPrice();
            volatilities[rows] = vector.volatility();
            labels[rows] = label;
            paths[rows] = path;
            double[] own = vector.values();
            int at = rows * width;
            for (int j = 0; j < width; j++) {
                values[at + j] = (float) own[j];
            }
            rows++;
            return this;
        }

        private void grow() {
            if (rows < minutes.length) {
                return;
            }
            int size = rows + rows / 2;
            values = Arrays.copyOf(values, size * width);
            minutes = Arrays.copyOf(minutes, size);
            symbols = Arrays.copyOf(symbols, size);
            lastPrices = Arrays.copyOf(lastPrices, size);
            volatilities = Arrays.copyOf(volatilities, size);
            labels = Arrays.copyOf(labels, size);
            paths = Arrays.copyOf(paths, size);
        }

        /** @param historyFrom start of the candles that the rows were made from @param historyTo their end */
        public TrainingSet build(Instant historyFrom, Instant historyTo) {
            Columns columns = new Columns(
                    values,
                    Arrays.copyOf(minutes, rows),
                    Arrays.copyOf(symbols, rows),
                    Arrays.copyOf(lastPrices, rows),
                    Arrays.copyOf(volatilities, rows),
                    Arrays.copyOf(labels, rows),
                    Arrays.copyOf(paths, rows));
            return new TrainingSet(shape, columns, 0, rows, historyFrom, historyTo);
        }
    }

    /** Names of the symbols as text. */
    List<String> symbolNames() {
        List<String> names = new ArrayList<>();
        shape.symbols.forEach(symbol -> names.add(symbol.name()));
        return List.copyOf(names);
    }
}
