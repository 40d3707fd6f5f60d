package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.ETH;
import static tickcast.streams.archive.Records.NOON;
import static tickcast.streams.archive.Records.abstained;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.fallback;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.minute;
import static tickcast.streams.archive.Records.sentiment;
import static tickcast.streams.archive.Records.shadow;
import static tickcast.streams.archive.Records.vector;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.sentiment.Sentiment;

/**
 * What every {@link Archive} keeps to. A test class of one kind of archive extends this and says how an empty one of the
 * source {@code kraken} is made; the subclass closes it.
 */
abstract class ArchiveContract {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);

    /** The empty archive of this test. */
    abstract Archive archive();

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException("no answer", e);
        }
    }

    // ---- candles

    @Test
    void shouldGiveBackACandleBitForBit() {
        Candle written = candle(BTC, 0, 0, 64000.1);
        await(archive().writeCandles(List.of(written)));
        assertEquals(List.of(written), await(archive().candles(BTC, ALL)));
    }

    @Test
    void shouldKeepUnusualNumbersBitForBit() {
        List<Candle> written = new ArrayList<>();
        Random random = new Random(7);
        double[] special = {
            Double.NaN,
            -0.0,
            0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -1.0,
            64000.0,
            0.1 + 0.2,
            1e15 + 0.3,
            9.007199254740993E15
        };
        for (int i = 0; i < 200; i++) {
            double close = i < special.length ? special[i] : anyFinite(random);
            written.add(new Candle(
                    BTC,
                    minute(i),
                    1,
                    2,
                    0.5,
                    Double.isNaN(close) ? 1 : close,
                    close,
                    -close,
                    Double.NaN,
                    -1,
                    -1,
                    -1,
                    Quality.values()[i % 4],
                    0,
                    minute(i + 1),
                    false));
        }
        await(archive().writeCandles(written));
        List<Candle> read = await(archive().candles(BTC, ALL));
        assertEquals(written, read, "records compare doubles by their bits");
    }

    private static double anyFinite(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : 1 / 3.0;
    }

    @Test
    void shouldLetTheHighestRevisionOfACandleWinInAnyOrder() {
        await(archive().writeCandles(List.of(candle(BTC, 0, 1, 101))));
        await(archive().writeCandles(List.of(candle(BTC, 0, 0, 100))));
        await(archive().writeCandles(List.of(candle(BTC, 0, 1, 111))));
        assertEquals(List.of(candle(BTC, 0, 1, 101)), await(archive().candles(BTC, ALL)));
        await(archive().writeCandles(List.of(candle(BTC, 0, 3, 103), candle(BTC, 0, 2, 102))));
        assertEquals(List.of(candle(BTC, 0, 3, 103)), await(archive().candles(BTC, ALL)));
    }

    @Test
    void shouldLetTheOwnersEpochDecideBeforeTheRevision() {
        await(archive().writeCandles(List.of(candle(BTC, 0, 2, 102)), 1_000));
        await(archive().writeCandles(List.of(candle(BTC, 0, 3, 103)), 999));
        assertEquals(List.of(candle(BTC, 0, 2, 102)), await(archive().candles(BTC, ALL)), "a stale owner loses");
        await(archive().writeCandles(List.of(candle(BTC, 0, 9, 109))));
        assertEquals(List.of(candle(BTC, 0, 2, 102)), await(archive().candles(BTC, ALL)), "an import fills only up");
        await(archive().writeCandles(List.of(candle(BTC, 0, 3, 113)), 1_000));
        await(archive().writeCandles(List.of(candle(BTC, 0, 3, 123)), 1_000));
        assertEquals(List.of(candle(BTC, 0, 3, 113)), await(archive().candles(BTC, ALL)), "one owner's revisions");
        long now = Instant.parse("2126-01-05T12:00:00Z").toEpochMilli();
        await(archive().writeCandles(List.of(candle(BTC, 0, 0, 100)), now));
        assertEquals(List.of(candle(BTC, 0, 0, 100)), await(archive().candles(BTC, ALL)), "a later owner wins");
    }

    @Test
    void shouldWriteAnOwnersCandleOverAnImportedOne() {
        await(archive().writeCandles(List.of(candle(BTC, 0, 4, 104))));
        await(archive().writeCandles(List.of(candle(BTC, 0, 0, 100), candle(BTC, 1, 0, 200)), 1));
        assertEquals(
                List.of(candle(BTC, 0, 0, 100), candle(BTC, 1, 0, 200)),
                await(archive().candles(BTC, ALL)));
    }

    @Test
    void shouldPageThroughCandlesInBothDirections() {
        List<Candle> written =
                IntStream.range(0, 10).mapToObj(i -> candle(BTC, i, 0, 100 + i)).toList();
        List<Candle> shuffled = new ArrayList<>(written);
        Collections.shuffle(shuffled, new Random(3));
        await(archive().writeCandles(shuffled));
        await(archive().writeCandles(List.of(candle(ETH, 4, 0, 4000))));

        assertEquals(written, await(archive().candles(BTC, ALL)));
        assertEquals(written.subList(7, 10), await(archive().candles(BTC, Page.latest(3))));
        assertEquals(
                written.subList(2, 5),
                await(archive().candles(BTC, Page.forward(minute(2), Instant.MAX, 3))),
                "from is inclusive");
        assertEquals(
                written.subList(4, 6),
                await(archive().candles(BTC, Page.backward(Instant.MIN, minute(6), 2))),
                "to is exclusive");
        assertEquals(written.subList(3, 5), await(archive().candles(BTC, Page.all(minute(3), minute(5)))));
        assertEquals(
                written.subList(4, 6),
                await(archive()
                        .candles(BTC, Page.all(minute(3).plusNanos(1), minute(5).plusMillis(1)))),
                "bounds need not lie on a minute");
        assertEquals(List.of(), await(archive().candles(BTC, Page.all(minute(5), minute(5)))));
        assertEquals(List.of(candle(ETH, 4, 0, 4000)), await(archive().candles(ETH, ALL)));
    }

    @Test
    void shouldKeepCandlesFromBeforeTheEpoch() {
        Candle old = Candle.empty(BTC, Instant.parse("1969-12-31T23:58:00Z"), 1, Instant.parse("1969-12-31T23:59:00Z"));
        await(archive().writeCandles(List.of(old)));
        assertEquals(List.of(old), await(archive().candles(BTC, ALL)));
    }

    @Test
    void shouldTakeEmptyListsAsDone() {
        await(archive().writeCandles(List.of()));
        await(archive().writeFeatures(List.of()));
        await(archive().writeSentiment(List.of()));
        await(archive().writeErrors(List.of()));
        assertEquals(List.of(), await(archive().writePredictions(List.of())));
    }

    // ---- features

    @Test
    void shouldKeepTheFirstVectorOfAnAsOfAndSchema() {
        double[] values = {1.5, Double.NaN, -0.0, Double.MIN_VALUE, 0.1 + 0.2};
        await(archive().writeFeatures(List.of(vector(BTC, 0, "a", values), vector(BTC, 1, "a", 2))));
        await(archive().writeFeatures(List.of(vector(BTC, 0, "a", 9), vector(BTC, 0, "b", 7))));

        List<FeatureVector> read = await(archive().features(BTC, Page.all(minute(0), minute(2))));
        assertEquals(
                List.of("a", "b", "a"),
                read.stream().map(FeatureVector::schemaHash).toList());
        assertSame(vector(BTC, 0, "a", values), read.get(0));
        assertSame(vector(BTC, 0, "b", 7), read.get(1));
        assertSame(vector(BTC, 1, "a", 2), read.get(2));
        assertEquals(1, await(archive().features(BTC, Page.latest(1))).size());
        assertEquals(
                minute(1), await(archive().features(BTC, Page.latest(1))).get(0).asOf());
    }

    private static void assertSame(FeatureVector expected, FeatureVector actual) {
        assertArrayEquals(bits(expected.values()), bits(actual.values()));
        assertEquals(withValues(expected), withValues(actual));
    }

    private static FeatureVector withValues(FeatureVector vector) {
        return new FeatureVector(
                vector.symbol(),
                vector.asOf(),
                vector.knownAt(),
                vector.schemaHash(),
                null,
                vector.lastPrice(),
                vector.volatility(),
                vector.missing());
    }

    private static long[] bits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }

    // ---- sentiment

    @Test
    void shouldKeepOneSentimentPerNewsSymbolAndScorer() {
        Sentiment first = sentiment("n1", "BTC/USD", 1, "lexicon");
        Sentiment again = sentiment("n1", "BTC/USD", 2, "lexicon");
        Sentiment market = sentiment("n1", Sentiment.MARKET_WIDE, 1, "lexicon");
        Sentiment other = sentiment("n1", "BTC/USD", 3, "llm");
        Sentiment earlier = sentiment("n0", "BTC/USD", 0, "lexicon");
        await(archive().writeSentiment(List.of(first, market)));
        await(archive().writeSentiment(List.of(again, other, earlier)));

        assertEquals(List.of(earlier, first, other), await(archive().sentiment("BTC/USD", ALL)));
        assertEquals(List.of(market), await(archive().sentiment(Sentiment.MARKET_WIDE, ALL)));
        assertEquals(
                List.of(first),
                await(archive().sentiment("BTC/USD", Page.all(first.knownAt(), other.knownAt()))),
                "by known-at, to the microsecond");
        assertEquals(
                List.of(other),
                await(archive()
                        .sentiment("BTC/USD", Page.forward(first.knownAt().plusNanos(1000), Instant.MAX, 9))));
    }

    // ---- predictions

    @Test
    void shouldGiveBackPredictionsBitForBit() {
        List<Prediction> written = List.of(live(BTC, 0, "17"), fallback(BTC, 1), abstained(BTC, 2));
        assertSame(written, await(archive().writePredictions(written)));
        assertSame(written, await(archive().predictions(BTC, ALL)));
    }

    @Test
    void shouldLetTheFirstPublishedPredictionOfAnAsOfWinForEver() {
        Prediction first = fallback(BTC, 0);
        await(archive().writePredictions(List.of(first)));
        List<Prediction> answer = await(archive().writePredictions(List.of(live(BTC, 0, "17"), live(BTC, 1, "17"))));

        assertSame(List.of(first, live(BTC, 1, "17")), answer);
        assertSame(List.of(first, live(BTC, 1, "17")), await(archive().predictions(BTC, ALL)));
        assertSame(List.of(first), await(archive().maturing(BTC, first.targetTime())));
    }

    @Test
    void shouldLetTheFirstWinWithinOneCallToo() {
        Prediction first = live(BTC, 0, "3");
        List<Prediction> answer = await(archive().writePredictions(List.of(first, live(BTC, 0, "4"), first)));
        assertSame(List.of(first, first, first), answer);
    }

    @Test
    void shouldKeepTheSamePredictionOnce() {
        Prediction first = live(BTC, 0, "17");
        Prediction second = withFigures(first, 1.0);
        await(archive().writePredictions(List.of(first, shadow(BTC, 0, "16"))));
        assertSame(List.of(first), await(archive().writePredictions(List.of(second))));
        assertSame(
                List.of(shadow(BTC, 0, "16")),
                await(archive().writePredictions(List.of(withFigures(shadow(BTC, 0, "16"), 2)))));
        assertEquals(2, await(archive().maturing(BTC, first.targetTime())).size());
    }

    @Test
    void shouldNotListShadows() {
        await(archive().writePredictions(List.of(shadow(BTC, 0, "16"), live(BTC, 0, "17"), shadow(BTC, 1, "16"))));
        assertSame(List.of(live(BTC, 0, "17")), await(archive().predictions(BTC, ALL)));
    }

    @Test
    void shouldPublishAShadowWhenItsModelComesToSpeakForAnAsOfThatHasNone() {
        Prediction before = withFigures(shadow(BTC, 0, "17"), 5);
        await(archive().writePredictions(List.of(before)));
        List<Prediction> answer = await(archive().writePredictions(List.of(live(BTC, 0, "17"))));
        assertSame(List.of(withFigures(live(BTC, 0, "17"), 5)), answer);
        assertSame(answer, await(archive().predictions(BTC, ALL)));
    }

    @Test
    void shouldRefuseAPredictionOfAnotherSourceAndGoOn() {
        Prediction kraken = live(BTC, 0, "17");
        Prediction foreign = foreign(kraken);
        CompletionException refused =
                assertThrows(CompletionException.class, () -> await(archive().writePredictions(List.of(foreign))));
        assertEquals(IllegalArgumentException.class, refused.getCause().getClass());
        assertSame(List.of(kraken), await(archive().writePredictions(List.of(kraken))));
    }

    /** The same of another source. */
    static Prediction foreign(Prediction p) {
        return new Prediction(
                p.symbol(),
                "simulated",
                p.asOf(),
                p.madeAt(),
                p.targetTime(),
                p.lastPrice(),
                p.predictedPrice(),
                p.expectedReturn(),
                p.intervals(),
                p.probabilityUp(),
                p.modelVersion(),
                p.schemaHash(),
                p.status(),
                p.reason(),
                p.published(),
                p.volatility(),
                p.calibration());
    }

    @Test
    void shouldPageThroughPredictionsByAsOf() {
        List<Prediction> written =
                IntStream.range(0, 6).mapToObj(i -> live(BTC, i, "17")).toList();
        await(archive().writePredictions(written));
        assertSame(written.subList(5, 6), await(archive().predictions(BTC, Page.latest(1))));
        assertSame(written.subList(1, 3), await(archive().predictions(BTC, Page.all(minute(1), minute(3)))));
        assertSame(written.subList(3, 5), await(archive().predictions(BTC, Page.backward(Instant.MIN, minute(5), 2))));
    }

    private static Prediction withFigures(Prediction p, double predictedPrice) {
        return new Prediction(
                p.symbol(),
                p.source(),
                p.asOf(),
                p.madeAt(),
                p.targetTime(),
                p.lastPrice(),
                predictedPrice,
                p.expectedReturn(),
                p.intervals(),
                p.probabilityUp(),
                p.modelVersion(),
                p.schemaHash(),
                p.status(),
                p.reason(),
                p.published(),
                p.volatility(),
                p.calibration());
    }

    private static void assertSame(List<Prediction> expected, List<Prediction> actual) {
        assertEquals(
                expected.stream().map(ArchiveContract::withoutState).toList(),
                actual.stream().map(ArchiveContract::withoutState).toList());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(
                    bits(expected.get(i).calibration()), bits(actual.get(i).calibration()));
        }
    }

    private static Prediction withoutState(Prediction p) {
        return new Prediction(
                p.symbol(),
                p.source(),
                p.asOf(),
                p.madeAt(),
                p.targetTime(),
                p.lastPrice(),
                p.predictedPrice(),
                p.expectedReturn(),
                List.<Interval>copyOf(p.intervals()),
                p.probabilityUp(),
                p.modelVersion(),
                p.schemaHash(),
                p.status(),
                p.reason(),
                p.published(),
                p.volatility(),
                null);
    }

    // ---- errors

    @Test
    void shouldMatureEachPredictionWithFiguresOnce() {
        List<Prediction> made = List.of(
                live(BTC, 0, "17"), shadow(BTC, 0, "16"), abstained(BTC, 1), live(BTC, 1, "17"), live(ETH, 0, "17"));
        await(archive().writePredictions(made));
        Instant target = made.get(0).targetTime();

        assertEquals(2, await(archive().maturing(BTC, target)).size(), "shadows too");
        await(archive().writeErrors(List.of(error(made.get(0), 64001))));
        assertSame(List.of(made.get(1)), await(archive().maturing(BTC, target)));
        assertSame(List.of(made.get(1)), await(archive().unmatured(BTC, Instant.MIN, target.plusSeconds(60))));
        assertSame(List.of(), await(archive().unmatured(BTC, minute(60), Instant.MAX)));
        await(archive().writeErrors(List.of(error(made.get(1), 64001))));
        assertSame(List.of(), await(archive().maturing(BTC, target)));
        assertSame(List.of(made.get(4)), await(archive().maturing(ETH, target)));
    }

    @Test
    void shouldNotWaitForAnotherPublishedPredictionThatLost() {
        await(archive().writePredictions(List.of(live(BTC, 0, "17"))));
        await(archive().writePredictions(List.of(live(BTC, 0, "18"))));
        assertSame(List.of(live(BTC, 0, "17")), await(archive().unmatured(BTC, Instant.MIN, Instant.MAX)));
    }

    @Test
    void shouldLetTheFirstErrorWin() {
        Prediction prediction = live(BTC, 0, "17");
        await(archive().writePredictions(List.of(prediction)));
        await(archive().writeErrors(List.of(error(prediction, 64001))));
        await(archive().writeErrors(List.of(error(prediction, 1))));

        List<PredictionError> read = await(archive().errors(BTC, ALL));
        assertSameErrors(List.of(error(prediction, 64001)), read);
    }

    @Test
    void shouldTellErrorsOfPublishedPredictionsFromAll() {
        List<Prediction> made = List.of(live(BTC, 0, "17"), shadow(BTC, 0, "16"), live(BTC, 1, "17"));
        await(archive().writePredictions(made));
        PredictionError unscored = PredictionError.unscored(
                made.get(2), PredictionError.NO_TARGET, made.get(2).targetTime().plusSeconds(1));
        List<PredictionError> errors = List.of(error(made.get(0), 64001), error(made.get(1), 64001), unscored);
        await(archive().writeErrors(errors));

        assertSameErrors(List.of(errors.get(0), unscored), await(archive().errors(BTC, ALL)));
        assertSameErrors(errors, await(archive().allErrors(BTC, ALL)));
        assertSameErrors(List.of(unscored), await(archive().errors(BTC, Page.latest(1))));
        Instant target = made.get(0).targetTime();
        assertSameErrors(
                List.of(errors.get(0)), await(archive().errors(BTC, Page.all(target, target.plusSeconds(60)))));
    }

    private static void assertSameErrors(List<PredictionError> expected, List<PredictionError> actual) {
        assertSame(
                expected.stream().map(PredictionError::prediction).toList(),
                actual.stream().map(PredictionError::prediction).toList());
        assertEquals(
                expected.stream().map(ArchiveContract::withoutPrediction).toList(),
                actual.stream().map(ArchiveContract::withoutPrediction).toList());
    }

    private static PredictionError withoutPrediction(PredictionError e) {
        return new PredictionError(
                null,
                e.maturedAt(),
                e.scored(),
                e.unscoredReason(),
                e.actualPrice(),
                e.actualRevision(),
                e.error(),
                e.naiveError(),
                e.inside());
    }

    // ---- the rest

    @Test
    void shouldRememberTheLastNote() {
        assertEquals(Optional.empty(), await(archive().note("read-back.BTC/USD")));
        await(archive().writeNote("read-back.BTC/USD", "1"));
        await(archive().writeNote("read-back.BTC/USD", "zwei ✓"));
        assertEquals(Optional.of("zwei ✓"), await(archive().note("read-back.BTC/USD")));
    }

    @Test
    void shouldProbe() {
        await(archive().probe());
        await(archive().probe());
    }

    @Test
    void shouldExpireEachKindByItsOwnRetention() {
        int day = 24 * 60;
        List<Prediction> made = List.of(live(BTC, 0, "17"), live(BTC, 70 * day, "17"));
        await(archive().writePredictions(made));
        await(archive().writeErrors(made.stream().map(p -> error(p, 64001)).toList()));
        await(archive().writeCandles(List.of(candle(BTC, 0, 0, 1), candle(ETH, 0, 0, 1), candle(BTC, 70 * day, 0, 1))));
        await(archive().writeFeatures(List.of(vector(BTC, 0, "a", 1), vector(BTC, 70 * day, "a", 1))));
        await(archive()
                .writeSentiment(List.of(
                        sentiment("n0", Sentiment.MARKET_WIDE, 0, "lexicon"),
                        sentiment("n1", Sentiment.MARKET_WIDE, 70 * day, "lexicon"))));
        Instant now = minute(71 * day);

        Duration forever = Duration.ofDays(1_000_000_000_000L / 24);
        assertEquals(0, await(archive().expire(new Retention(forever, forever, forever, forever, forever), now)));
        Duration month = Duration.ofDays(30);
        assertEquals(2, await(archive().expire(new Retention(month, forever, forever, forever, forever), now)));
        assertEquals(1, await(archive().candles(BTC, ALL)).size());
        assertEquals(List.of(), await(archive().candles(ETH, ALL)));
        assertEquals(1, await(archive().expire(new Retention(month, month, forever, forever, forever), now)));
        assertEquals(4, await(archive().expire(new Retention(month, month, month, month, month), now)) + 1);
        assertEquals(1, await(archive().features(BTC, ALL)).size());
        assertSame(made.subList(1, 2), await(archive().predictions(BTC, ALL)));
        assertEquals(1, await(archive().errors(BTC, ALL)).size());
        assertEquals(1, await(archive().sentiment(Sentiment.MARKET_WIDE, ALL)).size());
    }

    @Test
    void shouldNotMatureAgainWhenOnlyErrorsExpire() {
        Prediction prediction = live(BTC, 0, "17");
        await(archive().writePredictions(List.of(prediction)));
        await(archive().writeErrors(List.of(error(prediction, 64001))));
        Duration year = Duration.ofDays(365);
        await(archive()
                .expire(new Retention(year, year, year, Duration.ofDays(1), year), NOON.plus(Duration.ofDays(40))));
        assertEquals(List.of(), await(archive().errors(BTC, ALL)));
        assertSame(List.of(prediction), await(archive().predictions(BTC, ALL)));
        assertSame(List.of(), await(archive().unmatured(BTC, Instant.MIN, Instant.MAX)));
    }

    @Test
    void shouldServeReadsWhileOthersWrite() {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            writes.add(archive().writeCandles(List.of(candle(BTC, i, 0, i), candle(ETH, i, 0, i))));
            if (i % 20 == 0) {
                int known = await(archive().candles(BTC, ALL)).size();
                assertTrue(known <= i + 1);
            }
        }
        writes.forEach(ArchiveContract::await);
        assertEquals(200, await(archive().candles(BTC, ALL)).size());
        assertFalse(await(archive().candles(ETH, Page.latest(1))).isEmpty());
    }
}
