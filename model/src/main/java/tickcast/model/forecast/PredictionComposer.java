package tickcast.model.forecast;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tickcast.model.feature.FeatureVector;

/**
 * The one place that turns a vector and a model's opinion into a {@link Prediction}, live and in the backtest alike: who
 * may speak, in the order of {@link Reason}, and with which figures. A pure function of its arguments.
 *
 * @param source {@code kraken}, {@code replay} or {@code simulated}
 * @param horizonMinutes of the forecasts
 * @param coverages of the intervals, rising
 */
public record PredictionComposer(String source, int horizonMinutes, List<Double> coverages) {

    /** Later than this after the as-of nothing is predicted any more: no hindsight after an outage. */
    public static final Duration LATE_AFTER = Duration.ofSeconds(30);
    /** With less known than this nothing is predicted. */
    public static final int LEAST_MINUTES_KNOWN = 60;

    private static final double EVEN = 0.5;

    public PredictionComposer {
        coverages = List.copyOf(coverages);
    }

    /** Whether a prediction made at that instant would be too late. */
    public static boolean isLate(Instant asOf, Instant madeAt) {
        return madeAt.isAfter(asOf.plus(LATE_AFTER));
    }

    /**
     * The prediction to be published.
     *
     * @param calibration state of the symbol's {@link IntervalCalibrator} at the as-of
     * @param madeAt on the market's clock; it also tells whether this is too late
     */
    public Prediction compose(
            FeatureVector vector, Eligibility eligibility, Opinion opinion, double[] calibration, Instant madeAt) {
        Draft draft = new Draft(vector, calibration, madeAt);
        Optional<Reason> abstention = abstention(vector, eligibility, madeAt);
        if (abstention.isPresent()) {
            return draft.abstained(abstention.get());
        }
        Optional<Reason> fallback = fallback(eligibility, opinion);
        if (fallback.isEmpty() && opinion instanceof Opinion.Given given) {
            return draft.live(given, true);
        }
        return draft.naive(fallback.orElse(Reason.NO_MODEL));
    }

    /**
     * What a model that does not speak would have said, to be scored in the shadow (unpublished): challengers, and a
     * champion that is silenced. Empty when the market's state allows no prediction or the model has no figures.
     */
    public Optional<Prediction> composeShadow(
            FeatureVector vector, Eligibility eligibility, Opinion opinion, double[] calibration, Instant madeAt) {
        if (opinion instanceof Opinion.Given given
                && abstention(vector, eligibility, madeAt).isEmpty()
                && eligibility.isWarm()
                && hasFigures(given.forecast())) {
            return Optional.of(new Draft(vector, calibration, madeAt).live(given, false));
        }
        return Optional.empty();
    }

    private static Optional<Reason> abstention(FeatureVector vector, Eligibility eligibility, Instant madeAt) {
        if (!eligibility.feedAlive()) {
            return Optional.of(Reason.FEED_SILENT);
        }
        if (eligibility.hasGap()) {
            return Optional.of(Reason.GAP);
        }
        if (isLate(vector.asOf(), madeAt)) {
            return Optional.of(Reason.LATE);
        }
        return eligibility.minutesKnown() < LEAST_MINUTES_KNOWN ? Optional.of(Reason.WARMING) : Optional.empty();
    }

    private static Optional<Reason> fallback(Eligibility eligibility, Opinion opinion) {
        if (!eligibility.isWarm()) {
            return Optional.of(Reason.WARMING);
        }
        if (!(opinion instanceof Opinion.Given given)) {
            return Optional.of(Reason.NO_MODEL);
        }
        if (given.stale()) {
            return Optional.of(Reason.STALE_MODEL);
        }
        if (given.forecast().outOfRange() || !hasFigures(given.forecast())) {
            return Optional.of(Reason.OUT_OF_RANGE);
        }
        return given.silenced() ? Optional.of(Reason.WORSE_THAN_NAIVE) : Optional.empty();
    }

    private static boolean hasFigures(Forecaster.Forecast forecast) {
        return Double.isFinite(forecast.expectedLogReturn())
                && forecast.probabilityUp() > 0
                && forecast.probabilityUp() < 1
                && forecast.scale() > 0
                && Double.isFinite(forecast.scale());
    }

    /** What every prediction of one vector has in common. */
    private final class Draft {

        private final FeatureVector vector;
        private final double[] calibration;
        private final Instant madeAt;

        private Draft(FeatureVector vector, double[] calibration, Instant madeAt) {
            this.vector = vector;
            this.calibration = calibration.clone();
            this.madeAt = madeAt;
        }

        private Prediction live(Opinion.Given given, boolean published) {
            Forecaster.Forecast forecast = given.forecast();
            double expected = forecast.expectedLogReturn();
            return prediction(
                    vector.lastPrice() * StrictMath.exp(expected),
                    StrictMath.expm1(expected),
                    IntervalCalibrator.model(
                            calibration, coverages, vector.lastPrice(), forecast, vector.volatility(), horizonMinutes),
                    IntervalCalibrator.probabilityUp(calibration, coverages, forecast.probabilityUp()),
                    given.version(),
                    Status.LIVE,
                    null,
                    published);
        }

        private Prediction naive(Reason reason) {
            return prediction(
                    vector.lastPrice(),
                    0,
                    IntervalCalibrator.naive(
                            calibration, coverages, vector.lastPrice(), vector.volatility(), horizonMinutes),
                    EVEN,
                    Prediction.NAIVE,
                    Status.FALLBACK,
                    reason,
                    true);
        }

        private Prediction abstained(Reason reason) {
            return prediction(
                    Double.NaN, Double.NaN, List.of(), Double.NaN, Prediction.NAIVE, Status.ABSTAINED, reason, true);
        }

        private Prediction prediction(
                double predictedPrice,
                double expectedReturn,
                List<Interval> intervals,
                double probabilityUp,
                String version,
                Status status,
                Reason reason,
                boolean published) {
            return new Prediction(
                    vector.symbol(),
                    source,
                    vector.asOf(),
                    madeAt,
                    vector.asOf().plus(Duration.ofMinutes(horizonMinutes)),
                    vector.lastPrice(),
                    predictedPrice,
                    expectedReturn,
                    intervals,
                    probabilityUp,
                    version,
                    vector.schemaHash(),
                    status,
                    reason,
                    published,
                    vector.volatility(),
                    calibration);
        }
    }
}
