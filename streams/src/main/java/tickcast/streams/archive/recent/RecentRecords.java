package tickcast.streams.archive.recent;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * The newest records of one source, those that its store does not know yet above all. Of candles the greatest epoch and
 * revision counts, of everything else the first. What a lane's store has learned is told with {@link #archived}: of that
 * the newest few of each symbol and kind stay, so that the minute's usual reads need no store.
 *
 * <p>Bounded: beyond {@code mostPendingBytes} of records that the store does not know, the oldest of the fullest lane are
 * forgotten. Until the store has caught up, reads that would need them fail rather than leave them out
 * ({@link #hasHole()}). Thread safe; no call takes longer than its own records need.
 */
public final class RecentRecords {

    private final int mostArchived;
    private final long mostPendingBytes;
    private final Map<Integer, Lane> lanes = new HashMap<>();
    private final Map<Symbol, Book> books = new HashMap<>();
    private final Map<String, Series<Sentiment>> sentiment = new HashMap<>();
    private long pendingBytes;

    /** One symbol's. */
    private final class Book {
        private final Series<Candle> candles = new Series<>(Key::of, mostArchived, entry -> {});
        private final Series<FeatureVector> features = new Series<>(Key::of, 8, entry -> {});
        private final PredictionBook predictions = new PredictionBook(mostArchived);
        private final Series<PredictionError> errors = new Series<>(Key::of, 2 * mostArchived, entry -> {});
    }

    /**
     * @param mostArchived how many records of a symbol and kind stay that the store knows
     * @param mostPendingBytes about how much memory records may take that the store does not know
     */
    public RecentRecords(int mostArchived, long mostPendingBytes) {
        this.mostArchived = mostArchived;
        this.mostPendingBytes = mostPendingBytes;
    }

    // ---- writing

    /**
     * Takes a fact of any kind in.
     *
     * @throws IllegalArgumentException when it is of none
     */
    public void add(Object fact, long epoch, Place place) {
        if (fact instanceof Candle candle) {
            add(candle, epoch, place);
        } else if (fact instanceof FeatureVector vector) {
            add(vector, place);
        } else if (fact instanceof Prediction prediction) {
            add(prediction, place);
        } else if (fact instanceof PredictionError error) {
            add(error, place);
        } else if (fact instanceof Sentiment scored) {
            add(scored, place);
        } else {
            throw new IllegalArgumentException("no record: " + fact);
        }
    }

    /** Takes a candle in, unless one of a greater epoch and revision is there. */
    public synchronized void add(Candle candle, long epoch, Place place) {
        Series<Candle> series = book(candle.symbol()).candles;
        Optional<Entry<Candle>> before = series.find(Key.of(candle));
        boolean newer = before.isEmpty()
                || epoch > before.get().epoch()
                || (epoch == before.get().epoch()
                        && candle.revision() > before.get().fact().revision());
        if (newer) {
            Entry<Candle> entry = new Entry<>(series, Key.of(candle), candle, epoch, place, 250);
            series.put(entry);
            pend(entry);
        }
    }

    /** Takes a vector in, unless there is one of its as-of and schema. */
    public synchronized void add(FeatureVector vector, Place place) {
        addFirst(book(vector.symbol()).features, Key.of(vector), vector, place, 200 + 8 * vector.values().length);
    }

    /** Takes scored news in, unless there is one of its id and scorer. */
    public synchronized void add(Sentiment scored, Place place) {
        Series<Sentiment> series = news(scored.symbol());
        boolean known = series.all().stream()
                .anyMatch(entry -> entry.fact().newsId().equals(scored.newsId())
                        && entry.fact().scorer().equals(scored.scorer()));
        if (!known) {
            int text = scored.title().length()
                    + scored.reason().length()
                    + scored.link().length();
            addFirst(series, Key.of(scored), scored, place, 300 + 2 * text);
        }
    }

    /** Takes an error in, unless its prediction has one. */
    public synchronized void add(PredictionError error, Place place) {
        addFirst(
                book(error.prediction().symbol()).errors,
                Key.of(error),
                error,
                place,
                400 + weightOf(error.prediction()));
    }

    /** Takes a prediction in, unless another has won. */
    public synchronized void add(Prediction prediction, Place place) {
        book(prediction.symbol())
                .predictions
                .add(
                        prediction,
                        (series, fact) -> new Entry<>(series, series.keyOf(fact), fact, 0, place, weightOf(fact)))
                .ifPresent(this::pend);
    }

    private static int weightOf(Prediction prediction) {
        return 600 + 8 * prediction.calibration().length;
    }

    private <T> void addFirst(Series<T> series, Key key, T fact, Place place, int weight) {
        if (series.find(key).isEmpty()) {
            Entry<T> entry = new Entry<>(series, key, fact, 0, place, weight);
            series.put(entry);
            pend(entry);
        }
    }

    private void pend(Entry<?> entry) {
        Lane lane = lane(entry.place().lane());
        if (lane.isArchived(entry.place().position())) {
            entry.markArchived();
            return;
        }
        lane.add(entry);
        pendingBytes += entry.weight();
        while (pendingBytes > mostPendingBytes) {
            pendingBytes -= fullest().forget();
        }
    }

    private Lane fullest() {
        return lanes.values().stream()
                .max((a, b) -> Long.compare(a.weight(), b.weight()))
                .orElseThrow();
    }

    /** Says that the store knows everything of a lane before {@code position}: reads that begin from now on find it there. */
    public synchronized void archived(int lane, long position) {
        pendingBytes -= lane(lane).archived(position);
    }

    /** About how many bytes of records the store does not know. */
    public synchronized long pendingBytes() {
        return pendingBytes;
    }

    /** Whether records had to be forgotten that the store does not know yet. */
    public synchronized boolean hasHole() {
        return lanes.values().stream().anyMatch(Lane::hasHole);
    }

    /** Forgets what was deleted from the store by its age. */
    public synchronized void forget(Retention retention, Instant now) {
        books.values().forEach(book -> {
            book.candles.forget(Retention.before(now, retention.candles()));
            book.features.forget(Retention.before(now, retention.features()));
            book.errors.forget(Retention.before(now, retention.errors()));
            book.predictions.forget(Retention.before(now, retention.predictionsAndErrors()));
        });
        sentiment.values().forEach(series -> series.forget(Retention.before(now, retention.sentiment())));
    }

    // ---- what the store holds

    synchronized void candlesCompleteFrom(Symbol symbol, Instant from) {
        book(symbol).candles.completeFrom(from);
    }

    synchronized void predictionsCompleteFrom(Symbol symbol, Instant asOf, Instant target) {
        book(symbol).predictions.completeFrom(asOf, target);
    }

    synchronized void errorsCompleteFrom(Symbol symbol, Instant target) {
        book(symbol).errors.completeFrom(target);
    }

    synchronized void sentimentCompleteFrom(String subject, Instant from) {
        news(subject).completeFrom(from);
    }

    // ---- reading

    synchronized Found<Candle> candles(Symbol symbol, Page page) {
        return book(symbol).candles.find(page);
    }

    synchronized Found<FeatureVector> features(Symbol symbol, Page page) {
        return book(symbol).features.find(page);
    }

    synchronized Found<Sentiment> sentiment(String subject, Page page) {
        return news(subject).find(page);
    }

    synchronized Found<Prediction> predictions(Symbol symbol, Page page) {
        return book(symbol).predictions.published().find(page);
    }

    /** Errors of published predictions, or of all. */
    synchronized Found<PredictionError> errors(Symbol symbol, Page page, boolean shadowsToo) {
        return shadowsToo
                ? book(symbol).errors.find(page)
                : book(symbol).errors.find(page, error -> error.prediction().published());
    }

    synchronized Waiting waiting(Symbol symbol, Instant fromTarget, Instant toTarget) {
        Book book = book(symbol);
        boolean complete = book.predictions.isCompleteFromTarget(fromTarget) && book.errors.isCompleteFrom(fromTarget);
        List<Prediction> predictions = book.predictions.withTarget(fromTarget, toTarget).stream()
                .filter(entry -> complete || !entry.isArchived())
                .map(Entry::fact)
                .filter(prediction -> book.errors.find(Key.ofId(prediction)).isEmpty())
                .sorted(Predictions.PUBLISHED_FIRST)
                .toList();
        Set<String> matured = book.errors.between(fromTarget, toTarget).values().stream()
                .map(entry -> entry.fact().id())
                .collect(Collectors.toSet());
        return new Waiting(complete, predictions, matured);
    }

    /** What has won over this prediction as far as is known here, itself included when it was written before. */
    public synchronized Optional<Prediction> winner(Prediction prediction) {
        return book(prediction.symbol()).predictions.winner(prediction);
    }

    /** What counts of each, now that those of them that were to be written are here. */
    public List<Prediction> winners(List<Decision> decisions) {
        return decisions.stream()
                .map(decision -> decision.stored()
                        ? decision.prediction()
                        : winner(decision.prediction()).orElse(decision.prediction()))
                .toList();
    }

    /** The shadow here that this published prediction would make public. */
    synchronized Optional<Prediction> shadowOf(Prediction prediction) {
        return book(prediction.symbol()).predictions.shadowOf(prediction).map(Entry::fact);
    }

    /** Whether {@link #winner} is the last word, so that the store need not be asked. */
    synchronized boolean isDecidedHere(Prediction prediction) {
        return book(prediction.symbol()).predictions.isDecidedHere(prediction);
    }

    private Book book(Symbol symbol) {
        return books.computeIfAbsent(symbol, ignored -> new Book());
    }

    private Series<Sentiment> news(String subject) {
        return sentiment.computeIfAbsent(subject, ignored -> new Series<>(Key::of, mostArchived, entry -> {}));
    }

    private Lane lane(int number) {
        return lanes.computeIfAbsent(number, ignored -> new Lane());
    }
}
