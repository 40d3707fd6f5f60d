package tickcast.streams.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.sentiment.Sentiment;

class RecordCodecPropertyTest {

    @Property(tries = 1000, seed = "1")
    void shouldGiveBackCandlesBitForBit(@ForAll Random random) throws MalformedRecord {
        Stamped<Candle> record = new RandomFacts(random).stamped(RandomFacts::candle);
        assertEquals(record, roundTrip(RecordCodec.CANDLE, record), "records compare doubles by their bits");
    }

    @Property(tries = 500, seed = "2")
    void shouldGiveBackFeatureVectorsBitForBit(@ForAll Random random) throws MalformedRecord {
        Stamped<FeatureVector> record = new RandomFacts(random).stamped(RandomFacts::features);
        Stamped<FeatureVector> read = roundTrip(RecordCodec.FEATURES, record);
        assertArrayEquals(record.fact().values(), read.fact().values(), 0);
        assertEquals(plain(record.fact()), plain(read.fact()));
        assertEquals(record.epoch(), read.epoch());
        assertEquals(record.source(), read.source());
    }

    @Property(tries = 500, seed = "3")
    void shouldGiveBackPredictionsBitForBit(@ForAll Random random) throws MalformedRecord {
        Stamped<Prediction> record = new RandomFacts(random).stamped(RandomFacts::prediction);
        assertSame(record.fact(), roundTrip(RecordCodec.PREDICTION, record).fact());
    }

    @Property(tries = 500, seed = "4")
    void shouldGiveBackErrorsBitForBit(@ForAll Random random) throws MalformedRecord {
        Stamped<PredictionError> record = new RandomFacts(random).stamped(RandomFacts::error);
        PredictionError read = roundTrip(RecordCodec.ERROR, record).fact();
        assertSame(record.fact().prediction(), read.prediction());
        assertEquals(plain(record.fact()), plain(read));
    }

    @Property(tries = 500, seed = "5")
    void shouldGiveBackSentimentBitForBit(@ForAll Random random) throws MalformedRecord {
        Stamped<Sentiment> record = new RandomFacts(random).stamped(RandomFacts::sentiment);
        assertEquals(record, roundTrip(RecordCodec.SENTIMENT, record));
    }

    @Property(tries = 5000, seed = "6")
    void shouldGiveBackEveryFiniteDouble(@ForAll long bits) throws MalformedRecord {
        double value = Double.longBitsToDouble(bits);
        double volume = Double.isFinite(value) ? value : Double.NaN;
        Candle candle = new RandomFacts(new Random(bits)).candle(volume);
        Candle read = roundTrip(RecordCodec.CANDLE, new Stamped<>(candle, "kraken", 0))
                .fact();
        assertEquals(Double.doubleToLongBits(volume), Double.doubleToLongBits(read.volume()));
    }

    /** 10,000 records, each damaged in one to four places; half of them are still JSON. */
    @Property(tries = 2000, seed = "7")
    void shouldRefuseDamagedRecordsWithAReasonAndNothingElse(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        RandomFacts facts = new RandomFacts(random);
        damage(RecordCodec.CANDLE, facts.stamped(RandomFacts::candle), random);
        damage(RecordCodec.FEATURES, facts.stamped(RandomFacts::features), random);
        damage(RecordCodec.PREDICTION, facts.stamped(RandomFacts::prediction), random);
        damage(RecordCodec.ERROR, facts.stamped(RandomFacts::error), random);
        damage(RecordCodec.SENTIMENT, facts.stamped(RandomFacts::sentiment), random);
    }

    private static <T> void damage(RecordCodec<T> codec, Stamped<T> record, Random random) {
        byte[] damaged = Mutation.of(codec.encode(record), random);
        try {
            Stamped<T> read = codec.decode(damaged);
            assertNotNull(codec.encode(read), "what is read can be written");
        } catch (MalformedRecord e) {
            assertTrue(!e.getMessage().isBlank(), () -> new String(damaged, StandardCharsets.UTF_8));
        }
    }

    private static <T> Stamped<T> roundTrip(RecordCodec<T> codec, Stamped<T> record) throws MalformedRecord {
        return codec.decode(codec.encode(record));
    }

    private static FeatureVector plain(FeatureVector v) {
        return new FeatureVector(
                v.symbol(), v.asOf(), v.knownAt(), v.schemaHash(), null, v.lastPrice(), v.volatility(), v.missing());
    }

    private static void assertSame(Prediction expected, Prediction actual) {
        assertArrayEquals(expected.calibration(), actual.calibration(), 0);
        assertEquals(plain(expected), plain(actual));
    }

    private static Prediction plain(Prediction p) {
        return new Prediction(
                p.symbol(),
                p.source(),
                p.asOf(),
                p.madeAt(),
                p.targetTime(),
                p.lastPrice(),
                p.predictedPrice(),
                p.expectedReturn(),
                List.copyOf(p.intervals()),
                p.probabilityUp(),
                p.modelVersion(),
                p.schemaHash(),
                p.status(),
                p.reason(),
                p.published(),
                p.volatility(),
                null);
    }

    private static PredictionError plain(PredictionError e) {
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
}
