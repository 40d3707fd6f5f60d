package tickcast.model.feature;

import java.util.List;

/** The last candle's shape, as parts of its range; a candle without a range has neither body nor wicks. */
final class ShapeFeatures {

    static final List<String> NAMES = List.of("body", "upperWick", "lowerWick");

    private ShapeFeatures() {}

    static void write(FeatureRow row, double open, double high, double low, double close) {
        double range = high - low;
        double scale = range > 0 ? 1 / range : 0;
        row.put((close - open) * scale);
        row.put((high - Math.max(open, close)) * scale);
        row.put((Math.min(open, close) - low) * scale);
    }
}
