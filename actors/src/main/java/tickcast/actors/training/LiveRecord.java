package tickcast.actors.training;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.Duel;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/** What matured of every model lately, published or in the shadow; read once, some 100 bytes a prediction. Immutable. */
final class LiveRecord {

    /**
     * The innermost interval tells whether widths hold: most outcomes lie outside of it.
     *
     * @param miss whether the outcome lay outside of it: 1 yes, 0 no
     * @param missesPromised share of outcomes that may lie outside, NaN when there is no interval
     */
    private record Row(double error, double naiveError, float miss, float missesPromised) {}

    private record Key(long minute, Symbol symbol) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::minute).thenComparing(Key::symbol);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<String, NavigableMap<Key, Row>> byVersion = new HashMap<>();
    private int horizonMinutes = 1;

    private LiveRecord() {}

    /** Reads a day at a time. */
    static LiveRecord read(StoredMarket market, Duration window, Instant now) {
        LiveRecord live = new LiveRecord();
        Instant end = now.plusSeconds(60);
        for (Symbol symbol : market.symbols()) {
            for (Instant from = now.minus(window); from.isBefore(end); from = from.plus(Duration.ofDays(1))) {
                Instant to = from.plus(Duration.ofDays(1)).isBefore(end) ? from.plus(Duration.ofDays(1)) : end;
                StoredMarket.await(market.archive().allErrors(symbol, Page.all(from, to)))
                        .forEach(live::add);
            }
        }
        return live;
    }

    private void add(PredictionError error) {
        Prediction prediction = error.prediction();
        horizonMinutes = Math.max(
                1,
                Math.toIntExact(Duration.between(prediction.asOf(), prediction.targetTime())
                        .toMinutes()));
        double unit = prediction.expectedMove();
        if (error.scored() && unit > 0) {
            byVersion
                    .computeIfAbsent(prediction.modelVersion(), version -> new TreeMap<>())
                    .put(new Key(Times.epochMinute(prediction.targetTime()), prediction.symbol()), row(error, unit));
        }
    }

    private static Row row(PredictionError error, double unit) {
        List<Interval> intervals = error.prediction().intervals();
        boolean isKnown = !intervals.isEmpty();
        return new Row(
                Math.abs(error.error()) / unit,
                Math.abs(error.naiveError()) / unit,
                isKnown && !error.inside().get(0) ? 1 : 0,
                isKnown ? (float) (1 - intervals.get(0).coverage()) : Float.NaN);
    }

    private NavigableMap<Key, Row> of(String version) {
        return byVersion.getOrDefault(version, new TreeMap<>());
    }

    /** The gain is the model's live skill. */
    Duel againstNaive(String version) {
        Duel.Tally tally = new Duel.Tally(horizonMinutes);
        of(version).forEach((key, row) -> tally.add(key.minute(), row.error(), row.naiveError()));
        return tally.duel();
    }

    /** Law 10: whether there is evidence enough that "the price stays as it is" would have been better. */
    boolean isCrediblyWorseThanNaive(String version) {
        return againstNaive(version).isCrediblyWorse(Scoreboard.LEAST_EVIDENCE);
    }

    /** Two models on the minutes that both predicted. */
    Duel duel(String version, String rival) {
        Map<Key, Row> others = of(rival);
        Duel.Tally tally = new Duel.Tally(horizonMinutes);
        of(version).forEach((key, row) -> {
            Row other = others.get(key);
            if (other != null) {
                tally.add(key.minute(), row.error(), other.error());
            }
        });
        return tally.duel();
    }

    /** Misses of the innermost interval against those promised: a positive gain means too few, so too wide. */
    Duel misses(String version) {
        Duel.Tally tally = new Duel.Tally(horizonMinutes);
        of(version).forEach((key, row) -> {
            if (!Float.isNaN(row.missesPromised())) {
                tally.add(key.minute(), row.miss(), row.missesPromised());
            }
        });
        return tally.duel();
    }
}
