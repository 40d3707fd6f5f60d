package tickcast.model.feature;

import java.util.Arrays;
import tickcast.model.sentiment.Sentiment;

/**
 * Scored news of one subject, by known-at. What is not known yet waits; of what is known the newest {@value #LIMIT} of the
 * last day count. A function of the items and the as-of alone: neither order nor repetition of hearing matters.
 */
final class SentimentWindow {

    static final int LIMIT = 64;

    private static final long HOUR_MILLIS = 3_600_000L;
    private static final long[] SPANS = {HOUR_MILLIS, 6 * HOUR_MILLIS, 24 * HOUR_MILLIS};
    private static final int LONGEST = SPANS.length - 1;

    /** Features written by {@link #write}. */
    static final int FEATURES = SPANS.length + 1;

    private long[] knownAts = new long[0];
    private long[] keys = knownAts;
    private double[] scores = new double[0];
    private double[] confidences = scores;
    private int size;

    /** Hears an item; nonsense in score or confidence is ignored. */
    void hear(Sentiment item) {
        boolean isSound = Math.abs(item.score()) <= 1 && item.confidence() > 0 && item.confidence() <= 1;
        long knownAt = ceilMillis(item);
        long key = key(item);
        int at = placeOf(knownAt, key);
        if (isSound && (at == size || knownAts[at] != knownAt || keys[at] != key)) {
            insert(at, knownAt, key, item.score(), item.confidence());
        }
    }

    private static long ceilMillis(Sentiment item) {
        boolean isWhole = item.knownAt().getNano() % 1_000_000 == 0;
        return item.knownAt().toEpochMilli() + (isWhole ? 0 : 1);
    }

    /** Tells items apart: 64 bits of what was said by whom. */
    private static long key(Sentiment item) {
        long key = mix(item.newsId(), 0xcbf29ce484222325L);
        key = mix(item.scorer(), key);
        key = 31 * key + Double.doubleToLongBits(item.score());
        return 31 * key + Double.doubleToLongBits(item.confidence());
    }

    /** FNV-1a over the characters. */
    private static long mix(String text, long seed) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Index of the first item at or behind (known-at, key). */
    private int placeOf(long knownAt, long key) {
        int at = size;
        while (at > 0 && (knownAts[at - 1] > knownAt || knownAts[at - 1] == knownAt && keys[at - 1] >= key)) {
            at--;
        }
        return at;
    }

    private void insert(int at, long knownAt, long key, double score, double confidence) {
        if (size == knownAts.length) {
            resize(Math.max(4, size * 2));
        }
        int moved = size - at;
        System.arraycopy(knownAts, at, knownAts, at + 1, moved);
        System.arraycopy(keys, at, keys, at + 1, moved);
        System.arraycopy(scores, at, scores, at + 1, moved);
        System.arraycopy(confidences, at, confidences, at + 1, moved);
        knownAts[at] = knownAt;
        keys[at] = key;
        scores[at] = score;
        confidences[at] = confidence;
        size++;
    }

    private void resize(int capacity) {
        knownAts = Arrays.copyOf(knownAts, capacity);
        keys = Arrays.copyOf(keys, capacity);
        scores = Arrays.copyOf(scores, capacity);
        confidences = Arrays.copyOf(confidences, capacity);
    }

    /** Forgets what can't count at this as-of or any later one. */
    void forget(long asOfMillis) {
        if (size == 0) {
            return;
        }
        int known = knownBy(asOfMillis);
        int from = Math.max(0, known - LIMIT);
        while (from < known && asOfMillis - knownAts[from] >= SPANS[LONGEST]) {
            from++;
        }
        if (from > 0) {
            dropFirst(from);
        }
    }

    private void dropFirst(int count) {
        size -= count;
        System.arraycopy(knownAts, count, knownAts, 0, size);
        System.arraycopy(keys, count, keys, 0, size);
        System.arraycopy(scores, count, scores, 0, size);
        System.arraycopy(confidences, count, confidences, 0, size);
        if (size <= LIMIT && knownAts.length > 2 * LIMIT) {
            resize(LIMIT);
        }
    }

    private int knownBy(long asOfMillis) {
        int known = 0;
        while (known < size && knownAts[known] <= asOfMillis) {
            known++;
        }
        return known;
    }

    /**
     * Writes for each span the mean score, weighted by confidence and fading linearly to nothing at the span's end, then the log
     * of one plus the number of items of the longest; missing where there is none.
     */
    void write(FeatureRow row, long asOfMillis) {
        int known = knownBy(asOfMillis);
        int from = Math.max(0, known - LIMIT);
        for (long span : SPANS) {
            row.put(meanScore(asOfMillis, span, from, known));
        }
        int count = 0;
        for (int i = from; i < known; i++) {
            count += asOfMillis - knownAts[i] < SPANS[LONGEST] ? 1 : 0;
        }
        row.put(count > 0 ? StrictMath.log1p(count) : Double.NaN);
    }

    private double meanScore(long asOfMillis, long span, int from, int to) {
        double sum = 0;
        double weights = 0;
        for (int i = from; i < to; i++) {
            long left = span - (asOfMillis - knownAts[i]);
            if (left > 0) {
                double weight = confidences[i] * left;
                sum += weight * scores[i];
                weights += weight;
            }
        }
        return weights > 0 ? sum / weights : Double.NaN;
    }
}
