package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

class BacktestTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Duration LENGTH = Duration.ofDays(14);
    private static final MarketHistory HISTORY =
            MarketHistory.of(Map.of(BTC, RandomMarket.candles(BTC, LENGTH, 3)), List.of());
    private static final List<Prediction> PUBLISHED = new ArrayList<>();

    private static BacktestReport report;

    private static Backtest backtest() {
        BacktestSettings defaults = BacktestSettings.defaults(5);
        TrainingSettings ridge = defaults.training().withMembers(List.of(Member.RIDGE, Member.SCALE));
        return new Backtest(
                new BacktestSettings(
                        ridge, SearchSettings.OFF, defaults.coverages(), 0.94, Duration.ofHours(12), false, false),
                "replay",
                () -> 0);
    }

    @BeforeAll
    static void run() {
        report = backtest().run(HISTORY, Progress.SILENT, PUBLISHED::add);
    }

    @Test
    void shouldFindThePlantedReversal() {
        Map<String, Double> joint = report.joint();

        assertTrue(joint.get("maeRatioScaled") < 1, joint::toString);
        assertTrue(joint.get("directionAccuracy") > 0.5, joint::toString);
        assertEquals(0.80, joint.get("coverage80"), 0.03);
        assertEquals(0.95, joint.get("coverage95"), 0.02);
        assertEquals(1.0, joint.get("liveShare"));
        assertEquals(report.symbols().get("BTC/USD").get("skill"), joint.get("skill"));
    }

    @Test
    void shouldPublishEveryMinuteOnceAsLiveWould() {
        assertEquals(LENGTH.toMinutes(), PUBLISHED.size());
        assertEquals(Reason.WARMING, PUBLISHED.get(0).reason());
        assertEquals(Status.ABSTAINED, PUBLISHED.get(58).status());
        assertEquals(Status.FALLBACK, PUBLISHED.get(59).status());
        assertEquals(Reason.WARMING, PUBLISHED.get(1438).reason());
        assertEquals(Reason.NO_MODEL, PUBLISHED.get(1440).reason());
        Prediction last = PUBLISHED.get(PUBLISHED.size() - 1);
        assertNull(last.reason());
        assertEquals("2", last.modelVersion());
        assertEquals(RandomMarket.START.plus(LENGTH), last.asOf());
        assertEquals(last.asOf().plusMillis(500), last.madeAt());
    }

    /** What a process that was killed would have left. */
    private static final class Kept implements BacktestCheckpoint {

        private final Map<Instant, Fold> folds = new HashMap<>();
        private final int most;

        Kept(int most) {
            this.most = most;
        }

        @Override
        public Optional<Fold> find(Instant trainedAt) {
            return Optional.ofNullable(folds.get(trainedAt));
        }

        @Override
        public void keep(Instant trainedAt, Fold fold) {
            folds.put(trainedAt, fold);
            if (folds.size() == most) {
                throw new IllegalStateException("interrupted");
            }
        }
    }

    @Test
    void shouldGoOnAfterAnInterruptionAsIfNothingHadHappened() {
        Kept kept = new Kept(1);
        assertThrows(
                IllegalStateException.class, () -> backtest().resuming(kept).run(HISTORY, Progress.SILENT));
        Map<Instant, BacktestCheckpoint.Fold> before = Map.copyOf(kept.folds);
        Kept goingOn = new Kept(Integer.MAX_VALUE);
        goingOn.folds.putAll(before);
        List<Prediction> published = new ArrayList<>();

        BacktestReport resumed = backtest().resuming(goingOn).run(HISTORY, Progress.SILENT, published::add);

        assertEquals(1, before.size());
        before.forEach((at, fold) -> assertSame(fold, goingOn.folds.get(at), "what was there was not trained again"));
        assertEquals(2, goingOn.folds.size());
        assertEquals(report.toJson(), resumed.toJson());
        assertEquals(PUBLISHED.size(), published.size());
    }

    @Test
    void shouldKnowNothingOfWhatComesLater() {
        Duration shorter = Duration.ofDays(14).minusHours(3);
        List<Prediction> earlier = new ArrayList<>();
        BacktestSettings defaults = BacktestSettings.defaults(5);
        TrainingSettings ridge = defaults.training().withMembers(List.of(Member.RIDGE, Member.SCALE));
        double share = (double) ((long) (LENGTH.toMinutes() * 0.94)) / shorter.toMinutes() + 1e-9;
        new Backtest(
                        new BacktestSettings(
                                ridge,
                                SearchSettings.OFF,
                                defaults.coverages(),
                                share,
                                Duration.ofHours(12),
                                false,
                                false),
                        "replay",
                        () -> 0)
                .run(HISTORY.until(RandomMarket.START.plus(shorter)), Progress.SILENT, earlier::add);

        for (int i = 0; i < earlier.size(); i++) {
            assertEquals(PUBLISHED.get(i).predictedPrice(), earlier.get(i).predictedPrice(), "minute " + i);
            assertEquals(PUBLISHED.get(i).intervals(), earlier.get(i).intervals(), "minute " + i);
        }
    }

    @Test
    void shouldWriteJsonWithoutWhatItCannotTell() throws Exception {
        JsonNode json = new ObjectMapper().readTree(report.toJson());

        assertEquals(5, json.get("horizonMinutes").asInt());
        assertEquals(2, json.get("models").asInt());
        for (String key : List.of(
                "count",
                "mae",
                "naiveMae",
                "maeRatioScaled",
                "skill",
                "skillLow",
                "skillHigh",
                "dmPValue",
                "directionAccuracy",
                "topDecileAccuracy",
                "coverage80",
                "coverage95",
                "winklerRatio80",
                "winklerRatio95",
                "worstHourCoverage80",
                "pinballRatio")) {
            assertTrue(json.get("joint").get(key).isNumber(), key);
            assertTrue(json.get("symbols").get("BTC/USD").get(key).isNumber(), key);
        }
        assertFalse(report.toJson().contains("NaN"));
        assertTrue(report.toTable().lines().count() == 3);
        assertEquals(List.of("80", "95"), report.percents());
        assertTrue(report.toTable().contains(" Winkler80 Winkler95"), report.toTable());
    }

    @Test
    void shouldTellWhereTheFiguresComeFrom() throws Exception {
        BacktestDetails details = report.jointDetails();

        assertEquals(10, details.confidenceDeciles().size());
        assertEquals(10, details.probabilityCurve().size());
        assertTrue(
                details.confidenceDeciles().get(9).get("accuracy")
                        > details.confidenceDeciles().get(0).get("accuracy"),
                details::toString);
        assertEquals(
                report.joint().get("count"),
                details.byHour().stream().mapToDouble(hour -> hour.get("count")).sum());
        assertEquals("2024-03-14", BacktestDetails.date(details.byDay().get(0)).toString());
        assertTrue(report.joint().get("upCalibrationError") < 0.1);
        assertTrue(report.joint().get("directionLow") < report.joint().get("directionAccuracy"));
        assertTrue(report.joint().get("rmse") >= report.joint().get("mae"));
        JsonNode day = new ObjectMapper().readTree(report.toJson()).at("/symbols/BTC~1USD/worstDays/0");
        assertEquals(day.get("day").asText().length(), 10);
        assertTrue(day.get("width95").asDouble() > day.get("width80").asDouble());
    }

    @Test
    void shouldPoolWhatSeveralHistoriesTold() throws Exception {
        BacktestReport pooled = BacktestReport.pooled(List.of(report, report));

        assertEquals(2 * report.joint().get("count"), pooled.joint().get("count"));
        assertEquals(report.joint().get("maeRatioScaled"), pooled.joint().get("maeRatioScaled"), 1e-12);
        assertEquals(2, pooled.periods().size());
        JsonNode json = new ObjectMapper().readTree(pooled.toJson());
        assertEquals(4, json.get("models").asInt());
        assertEquals(
                report.joint().get("skill"), json.at("/histories/1/joint/skill").asDouble());
        assertThrows(IllegalArgumentException.class, () -> BacktestReport.pooled(List.of()));
    }

    @Test
    void shouldShowWhatTheCourseRecipeIsWorth() {
        List<Candle> candles = HISTORY.candles().get(BTC);
        Map<Long, Double> said = new CourseRecipe(5, 17).predict(candles, RandomMarket.START.plus(Duration.ofDays(13)));

        assertEquals(1440 + 1, said.size(), "from the as-of at which training ends");
        assertEquals(Map.of(), new CourseRecipe(5, 17).predict(candles.subList(0, 30), RandomMarket.START));
        double error = 0;
        double naive = 0;
        for (int at = 13 * 1440 + 5; at < candles.size(); at++) {
            Candle target = candles.get(at);
            error += Math.abs(said.get(Times.epochMinute(target.closeTime())) - target.close());
            naive += Math.abs(candles.get(at - 5).close() - target.close());
        }
        assertTrue(error > naive, error + " and " + naive);
    }

    @Test
    void shouldRollQuantilesOverTheLastValues() {
        RollingQuantiles quantiles = new RollingQuantiles(5);
        for (double value : new double[] {100, -100, 5, 1, 3, 2, 4}) {
            quantiles.add(value);
        }

        assertEquals(5, quantiles.count());
        assertEquals(1, quantiles.quantile(0));
        assertEquals(3, quantiles.quantile(0.5));
        assertEquals(4.6, quantiles.quantile(0.9), 1e-12);
        assertEquals(5, quantiles.quantile(1));
    }
}
