package tickcast.actors.market;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import tickcast.model.feature.FeatureExtractor;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.IntervalCalibrator;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/**
 * What a market remembers at a minute's end: the indicators' state and the intervals' calibration. It is the same whether
 * it grew minute by minute or was rebuilt from the archive. Single-threaded.
 */
final class Memory {

    private final FeatureExtractor extractor;
    private final IntervalCalibrator calibrator;
    private Optional<Candle> last = Optional.empty();
    private Instant position;

    private Memory(FeatureExtractor extractor, IntervalCalibrator calibrator, Instant position) {
        this.extractor = extractor;
        this.calibrator = calibrator;
        this.position = position;
    }

    /** The memory at {@code position}, from what the archive knows. Costs a few milliseconds. */
    static Memory rebuild(Symbol symbol, Market.Settings settings, History history, Instant position) {
        IntervalCalibrator calibrator = new IntervalCalibrator(settings.horizonMinutes(), settings.coverages());
        recalibrate(calibrator, history, position);
        return rebuild(symbol, calibrator, history, position);
    }

    /** The same with the present calibration: predictions and labels don't change with a revision. */
    Memory rebuilt(Symbol symbol, History history) {
        return rebuild(symbol, calibrator, history, position);
    }

    private static Memory rebuild(Symbol symbol, IntervalCalibrator calibrator, History history, Instant position) {
        Instant start = Times.recursionStart(history.closeTime());
        Memory memory = new Memory(new FeatureExtractor(symbol), calibrator, position);
        memory.extractor.hear(history.sentiment());
        Optional<Candle> previous = history.before();
        for (Candle candle : history.candles()) {
            if (candle.closeTime().isAfter(position)) {
                break;
            }
            memory.bridge(previous, start, candle.openTime());
            memory.extend(candle);
            previous = Optional.of(candle);
        }
        memory.bridge(previous, start, position);
        memory.position = position;
        return memory;
    }

    /** Fills the minutes without a candle flat. Before the first candle of all there is nothing to fill. */
    private void bridge(Optional<Candle> previous, Instant start, Instant until) {
        if (previous.isEmpty()) {
            return;
        }
        Candle known = previous.get();
        Instant open = known.closeTime().isBefore(start) ? start : known.closeTime();
        for (; open.isBefore(until); open = open.plus(Candle.INTERVAL)) {
            extend(Candle.missing(known.symbol(), open, known.close(), open.plus(Candle.INTERVAL)));
        }
    }

    private static void recalibrate(IntervalCalibrator calibrator, History history, Instant position) {
        if (history.predictions().isEmpty()) {
            return;
        }
        Prediction newest = history.predictions().get(history.predictions().size() - 1);
        calibrator.restore(newest);
        history.predictions().forEach(calibrator::remember);
        history.candles().stream()
                .filter(candle -> !candle.closeTime().isBefore(newest.asOf()))
                .filter(candle -> candle.closeTime().isBefore(position))
                .forEach(calibrator::learn);
    }

    /** Takes the next minute; the calibrator learns from the one before (law 11). */
    void take(Candle candle) {
        last.ifPresent(calibrator::learn);
        extend(candle);
    }

    private void extend(Candle candle) {
        extractor.update(candle);
        last = Optional.of(candle);
        position = candle.closeTime();
    }

    /** Goes on to a minute of which there is nothing: no trade was ever seen. */
    void skip(Instant closeTime) {
        position = closeTime;
    }

    void hear(Collection<Sentiment> sentiment) {
        extractor.hear(sentiment);
    }

    void remember(Prediction prediction) {
        calibrator.remember(prediction);
    }

    /** Close time of the last minute. */
    Instant position() {
        return position;
    }

    /** The last minute's candle, if there ever was one. */
    Optional<Candle> last() {
        return last;
    }

    /** The newest price, NaN when there is none. */
    double lastPrice() {
        return last.map(Candle::close).orElse(Double.NaN);
    }

    FeatureVector vector(Instant knownAt) {
        return extractor.vector(knownAt);
    }

    double[] calibration() {
        return calibrator.state();
    }

    Eligibility eligibility(boolean feedAlive) {
        return new Eligibility(feedAlive, extractor.hasGap(), extractor.minutesKnown(), extractor.isWarm());
    }
}
