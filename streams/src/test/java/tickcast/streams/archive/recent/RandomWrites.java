package tickcast.streams.archive.recent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** Random facts about two symbols within an hour, written to memory and by and by to the store behind. */
final class RandomWrites {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final List<Symbol> SYMBOLS = List.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"));
    private static final int LANES = 5;

    private final Random random;
    private final ListArchive truth = new ListArchive();
    private final ListArchive store = new ListArchive();
    private final RecentRecords recent;
    private final MergedReads reads;
    /** Per lane what the store does not know, in order. */
    private final List<List<Consumer<Archive>>> pending = new ArrayList<>();

    private final long[] archived = new long[LANES];
    private int now;
    private int number;

    RandomWrites(long seed, RecentRecords recent, boolean alone) {
        this.random = new Random(seed);
        this.recent = recent;
        this.reads = new MergedReads(recent, store, alone);
        for (int i = 0; i < LANES; i++) {
            pending.add(new ArrayList<>());
        }
        for (int i = random.nextInt(20); i > 0; i--) {
            Candle candle = candle(0);
            truth.writeCandles(List.of(candle));
            store.writeCandles(List.of(candle));
            Prediction before = prediction();
            truth.writePredictions(List.of(before));
            store.writePredictions(List.of(before));
        }
        now = 15;
    }

    Archive truth() {
        return truth;
    }

    ListArchive store() {
        return store;
    }

    void step() {
        now += random.nextInt(4) == 0 ? 1 : 0;
        switch (random.nextInt(9)) {
            case 0, 1 -> writeCandle();
            case 2 -> write(1, features());
            case 3, 4 -> writePrediction();
            case 5, 6 -> writeError();
            case 7 -> write(4, sentiment());
            default -> archive(random.nextInt(LANES));
        }
    }

    private void archive(int lane) {
        List<Consumer<Archive>> waiting = pending.get(lane);
        for (int i = random.nextInt(waiting.size() + 1); i > 0; i--) {
            waiting.remove(0).accept(store);
            archived[lane]++;
        }
        recent.archived(lane, archived[lane]);
    }

    void archiveEverything() {
        for (int lane = 0; lane < LANES; lane++) {
            List<Consumer<Archive>> waiting = pending.get(lane);
            waiting.forEach(write -> write.accept(store));
            archived[lane] += waiting.size();
            waiting.clear();
            recent.archived(lane, archived[lane]);
        }
    }

    private Place next(int lane, Consumer<Archive> write) {
        write.accept(truth);
        pending.get(lane).add(write);
        return new Place(lane, archived[lane] + pending.get(lane).size() - 1);
    }

    private void writeCandle() {
        boolean imported = random.nextInt(4) == 0;
        Candle candle = candle(imported ? 0 : random.nextInt(4));
        long epoch = imported ? 0 : 100 + now;
        recent.add(candle, epoch, next(0, archive -> archive.writeCandles(List.of(candle), epoch)));
    }

    private void write(int lane, FeatureVector vector) {
        recent.add(vector, next(lane, archive -> archive.writeFeatures(List.of(vector))));
    }

    private void write(int lane, Sentiment scored) {
        recent.add(scored, next(lane, archive -> archive.writeSentiment(List.of(scored))));
    }

    private void writePrediction() {
        Prediction made = prediction();
        Decision decision;
        try {
            decision = reads.decide(made).toCompletableFuture().join();
        } catch (CompletionException e) {
            return; // forgotten: it can't be said who has won
        }
        if (!decision.stored()) {
            Prediction counts = decision.prediction();
            recent.add(counts, next(2, archive -> archive.writePredictions(List.of(counts))));
        }
    }

    private void writeError() {
        if (!truth.predictions.isEmpty()) {
            Prediction any = truth.predictions.get(random.nextInt(truth.predictions.size()));
            PredictionError error = PredictionError.unscored(any, PredictionError.NO_TARGET, minute(++number));
            recent.add(error, next(3, archive -> archive.writeErrors(List.of(error))));
        }
    }

    private Candle candle(int revision) {
        double price = ++number;
        Instant open = minute(recently());
        return new Candle(
                symbol(), open, price, price, price, price, 1, 1, 1, 1, 1, 1, Quality.COMPLETE, revision, open, false);
    }

    private FeatureVector features() {
        Instant asOf = minute(recently());
        return new FeatureVector(symbol(), asOf, asOf, "h" + random.nextInt(2), new double[0], ++number, 0, "");
    }

    private Prediction prediction() {
        Instant asOf = minute(recently());
        int version = random.nextInt(3);
        boolean published = random.nextBoolean();
        boolean abstained = published && random.nextInt(3) == 0;
        return new Prediction(
                symbol(),
                "kraken",
                asOf,
                asOf,
                asOf.plus(Duration.ofMinutes(5)),
                ++number,
                1,
                0,
                List.of(),
                0.5,
                "" + version,
                "",
                abstained ? Status.ABSTAINED : Status.LIVE,
                abstained ? Reason.GAP : null,
                published,
                1,
                new double[0]);
    }

    private Sentiment sentiment() {
        Instant at = minute(now);
        return new Sentiment("n" + ++number, symbol().name(), 0, 0, "lexicon", "", "", "", at, at);
    }

    /** Mostly the newest minutes, at times older ones. */
    private int recently() {
        return Math.max(0, now - (random.nextInt(5) == 0 ? random.nextInt(15) : random.nextInt(3)));
    }

    private Symbol symbol() {
        return SYMBOLS.get(random.nextInt(SYMBOLS.size()));
    }

    private static Instant minute(int number) {
        return NOON.plus(Duration.ofMinutes(number));
    }

    Function<Archive, CompletionStage<?>> anyRead() {
        Symbol symbol = symbol();
        Page page = page();
        return switch (random.nextInt(7)) {
            case 0 -> archive -> archive.candles(symbol, page);
            case 1 -> archive -> archive.features(symbol, page);
            case 2 -> archive -> archive.predictions(symbol, page);
            case 3 -> archive -> archive.errors(symbol, page);
            case 4 -> archive -> archive.allErrors(symbol, page);
            case 5 -> archive -> archive.sentiment(symbol.name(), page);
            default -> archive -> archive.unmatured(symbol, page.from(), page.to());
        };
    }

    private Page page() {
        Instant from = random.nextBoolean() ? Instant.MIN : minute(recently());
        Instant to = random.nextBoolean() ? Instant.MAX : minute(recently() + 3);
        int limit = random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(6);
        return new Page(from, to, limit, random.nextBoolean());
    }

    /** The merged reads as an archive. */
    Archive merged() {
        return new Reading();
    }

    private final class Reading implements Archive {
        @Override
        public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
            return reads.candles(symbol, page);
        }

        @Override
        public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
            return reads.features(symbol, page);
        }

        @Override
        public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
            return reads.sentiment(symbol, page);
        }

        @Override
        public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
            return reads.predictions(symbol, page);
        }

        @Override
        public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant from, Instant to) {
            return reads.unmatured(symbol, from, to);
        }

        @Override
        public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
            return reads.errors(symbol, page);
        }

        @Override
        public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
            return reads.allErrors(symbol, page);
        }

        @Override
        public CompletionStage<Void> writeCandles(List<Candle> candles, long epoch) {
            return unsupported();
        }

        @Override
        public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
            return unsupported();
        }

        @Override
        public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
            return unsupported();
        }

        @Override
        public CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions) {
            return unsupported();
        }

        @Override
        public CompletionStage<Void> writeErrors(List<PredictionError> errors) {
            return unsupported();
        }

        @Override
        public CompletionStage<Optional<String>> note(String name) {
            return unsupported();
        }

        @Override
        public CompletionStage<Void> writeNote(String name, String value) {
            return unsupported();
        }

        @Override
        public CompletionStage<Long> expire(Retention retention, Instant at) {
            return unsupported();
        }

        @Override
        public CompletionStage<Void> probe() {
            return unsupported();
        }

        private <T> CompletionStage<T> unsupported() {
            return CompletableFuture.failedStage(new ArchiveUnavailable("reads only", null));
        }

        @Override
        public void close() {}
    }
}
