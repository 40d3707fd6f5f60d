package tickcast.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

class ScoreboardTest {

    static final Symbol BTC = Symbol.parse("BTC/USD");
    static final Symbol XRP = Symbol.parse("XRP/USD");
    private static final Instant START = Instant.parse("2024-01-05T12:00:00Z");
    private static final Instant END = START.plus(Duration.ofDays(30));

    @Test
    void shouldAddUpOneSymbolByHand() {
        List<PredictionError> errors = List.of(
                matured(BTC, 0, "7", 100, 101, 102), // error 1, naive 2, right, inside both
                matured(BTC, 1, "7", 100, 101, 99), // error 2, naive 1, wrong, inside the outer one
                matured(BTC, 2, "7", 100, 100.5, 110), // error 9.5, naive 10, right, outside
                matured(BTC, 3, "7", 100, 101, 100), // error 1, naive 0: no move, no direction
                matured(BTC, 4, Prediction.NAIVE, 100, 100, 104), // error = naive = 4
                unscored(BTC, 5));

        Scoreboard board = Scoreboard.of(errors, START, END);
        Performance model = board.byModel().get(0);

        assertEquals(
                List.of("7", "naive"),
                board.byModel().stream().map(Performance::modelVersion).toList());
        assertEquals(4, model.count());
        assertEquals(13.5 / 4, model.mae(), 1e-12);
        assertEquals(13.0 / 4, model.naiveMae(), 1e-12);
        assertEquals(1 - 13.5 / 13, model.skill(), 1e-12);
        assertEquals(2.0 / 3, model.directionAccuracy(), 1e-12);
        assertEquals(3, model.directionCount());
        assertEquals(
                new Performance.IntervalPerformance(0.8, 0.5, Double.NaN, Double.NaN, 3),
                model.intervals().get(0));
        assertEquals(
                new Performance.IntervalPerformance(0.95, 0.75, Double.NaN, Double.NaN, 6),
                model.intervals().get(1));
        assertTrue(Double.isNaN(model.skillLow()), "too little to tell");

        Performance naive = board.byModel().get(1);
        assertEquals(0, naive.skill());
        assertEquals(0, naive.directionCount());
        assertTrue(Double.isNaN(naive.directionAccuracy()));
        assertEquals(1, naive.unscored());
        assertEquals(5, board.overall().count());
        assertEquals(17.5 / 5, board.overall().mae(), 1e-12);
    }

    @Test
    void shouldScaleErrorsWhenSymbolsArePooled() {
        List<PredictionError> errors =
                List.of(matured(BTC, 0, "7", 60000, 60030, 60060), matured(XRP, 0, "7", 0.5, 0.501, 0.4985));

        Performance pooled = Scoreboard.of(errors, START, END).overall();

        double btcUnit = 60000 * 0.001 * Math.sqrt(5);
        double xrpUnit = 0.5 * 0.001 * Math.sqrt(5);
        assertEquals((30 / btcUnit + 0.0025 / xrpUnit) / 2, pooled.mae(), 1e-9);
        assertEquals((60 / btcUnit + 0.0015 / xrpUnit) / 2, pooled.naiveMae(), 1e-9);
    }

    @Test
    void shouldCountTargetsOfTheWindowOnly() {
        List<PredictionError> errors = new ArrayList<>();
        for (int minute = 0; minute < 100; minute++) {
            errors.add(matured(BTC, minute, "7", 100, 101, 102));
        }
        Instant now = START.plus(Duration.ofMinutes(65));

        assertEquals(
                60, Scoreboard.of(errors, Duration.ofHours(1), now).overall().count());
        assertEquals(
                0, Scoreboard.of(errors, END, END.plusSeconds(60)).overall().count());
        assertTrue(Double.isNaN(Scoreboard.of(List.of(), START, END).overall().mae()));
    }

    @Test
    void shouldEncloseTheTrueSkill() {
        Performance good = Scoreboard.of(noisy(3000, 0.05), START, END).overall();
        Performance bad = Scoreboard.of(noisy(3000, -0.2), START, END).overall();

        assertTrue(good.skillLow() > 0 && good.skill() > good.skillLow() && good.skill() < good.skillHigh());
        assertTrue(bad.skillHigh() < 0);
        assertEquals(good, Scoreboard.of(noisy(3000, 0.05), START, END).overall(), "seeded");
    }

    @Test
    void shouldSilenceOnEvidenceOnly() {
        assertTrue(Scoreboard.crediblyWorseThanNaive(noisy(3000, -0.2), "7"));
        assertFalse(Scoreboard.crediblyWorseThanNaive(noisy(499, -0.2), "7"), "too little evidence");
        assertFalse(Scoreboard.crediblyWorseThanNaive(noisy(3000, 0.05), "7"));
        assertFalse(Scoreboard.crediblyWorseThanNaive(noisy(3000, -0.2), "8"), "nothing of that version");
        assertFalse(Scoreboard.crediblyWorseThanNaive(List.of(), "7"));
    }

    @Test
    void shouldNotTakeOverlappingHorizonsForIndependentEvidence() {
        BlockBootstrap narrow = new BlockBootstrap(1);
        BlockBootstrap wide = new BlockBootstrap(60);
        SplittableRandom random = new SplittableRandom(3);
        for (int hour = 0; hour < 200; hour++) {
            double error = 1 + 0.2 * random.nextDouble();
            for (int minute = 0; minute < 60; minute++) {
                narrow.add(hour * 60L + minute, error, 1.1);
                wide.add(hour * 60L + minute, error, 1.1);
            }
        }
        double narrowWidth = narrow.skill().high() - narrow.skill().low();
        double wideWidth = wide.skill().high() - wide.skill().low();

        assertTrue(wideWidth > 5 * narrowWidth, narrowWidth + " against " + wideWidth);
    }

    @Test
    void shouldTellSymbolsApart() {
        List<PredictionError> errors = new ArrayList<>(noisy(600, 0.05));
        errors.add(matured(XRP, 0, "7", 0.5, 0.501, 0.4985));

        var bySymbol = Scoreboard.bySymbol(errors);

        assertEquals(List.of(BTC, XRP), List.copyOf(bySymbol.keySet()));
        assertEquals(Scoreboard.of(noisy(600, 0.05), START, END).overall(), bySymbol.get(BTC));
        assertEquals(0.0025, bySymbol.get(XRP).mae(), 1e-12, "in dollars");
    }

    @Test
    void shouldTellHoursApartByTheAsOfAndBeCautious() {
        List<PredictionError> errors = noisy(2880, 0.05);

        var byHour = Scoreboard.byHour(errors);
        Performance noon = byHour.get(12);
        List<PredictionError> atNoon = errors.stream()
                .filter(error -> error.prediction().asOf().toString().contains("T12:"))
                .toList();
        Performance usual = Scoreboard.of(atNoon, START, END).overall();

        assertEquals(24, byHour.size());
        assertEquals(120, noon.count());
        assertEquals(usual.skill(), noon.skill());
        assertTrue(Double.isNaN(noon.skillLow()), "two days are two blocks");
        Performance oneDay = Scoreboard.byHour(noisy(1440, 0.05)).get(12);
        Performance oneDayAsUsual = Scoreboard.of(noisy(60, 0.05), START, END).overall();
        assertEquals(oneDayAsUsual.skill(), oneDay.skill());
        assertTrue(oneDay.skillLow() < oneDayAsUsual.skillLow() && oneDay.skillHigh() > oneDayAsUsual.skillHigh());
    }

    /** @param gain share of the move that is foreseen */
    private static List<PredictionError> noisy(int count, double gain) {
        SplittableRandom random = new SplittableRandom(11);
        List<PredictionError> errors = new ArrayList<>();
        for (int minute = 0; minute < count; minute++) {
            double move = random.nextDouble() - 0.5;
            errors.add(matured(BTC, minute, "7", 100, 100 + gain * move, 100 + move));
        }
        return errors;
    }

    static PredictionError matured(
            Symbol symbol, int minute, String version, double last, double predicted, double actual) {
        Prediction prediction = prediction(symbol, minute, version, last, predicted);
        Instant target = prediction.targetTime();
        Candle candle = new Candle(
                symbol,
                target.minus(Candle.INTERVAL),
                actual,
                actual,
                actual,
                actual,
                1,
                1,
                1,
                1,
                1,
                1,
                Quality.COMPLETE,
                0,
                target,
                false);
        return PredictionError.mature(prediction, candle, target);
    }

    static PredictionError unscored(Symbol symbol, int minute) {
        Prediction prediction = prediction(symbol, minute, Prediction.NAIVE, 100, 100);
        return PredictionError.unscored(prediction, PredictionError.NO_TARGET, prediction.targetTime());
    }

    private static Prediction prediction(Symbol symbol, int minute, String version, double last, double predicted) {
        Instant asOf = START.plus(Duration.ofMinutes(minute));
        boolean naive = version.equals(Prediction.NAIVE);
        return new Prediction(
                symbol,
                "simulated",
                asOf,
                asOf,
                asOf.plus(Duration.ofMinutes(5)),
                last,
                predicted,
                predicted / last - 1,
                List.of(
                        new Interval(0.8, predicted - 1.5, predicted + 1.5),
                        new Interval(0.95, predicted - 3, predicted + 3)),
                0.5,
                version,
                "feed",
                naive ? Status.FALLBACK : Status.LIVE,
                naive ? Reason.NO_MODEL : null,
                true,
                0.001,
                new double[] {1, 2, 0});
    }
}
