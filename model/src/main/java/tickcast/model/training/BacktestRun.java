package tickcast.model.training;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import tickcast.model.market.Symbol;

/**
 * What one walk through one history left behind.
 *
 * @param from of the history
 * @param testedFrom first as-of that counts
 * @param to end of the history
 * @param models trained
 * @param earned how many of them earned the right to speak
 * @param outcomes by symbol, by rising target
 * @param course prices that the course recipe expected, by symbol and epoch minute of the target; empty when not asked for
 * @param importance of the features
 * @param trainNanos of all trainings
 * @param scoreNanos of all scoring
 * @param scoredRows rows scored
 */
record BacktestRun(
        Instant from,
        Instant testedFrom,
        Instant to,
        int models,
        int earned,
        Map<Symbol, List<Outcome>> outcomes,
        Map<Symbol, Map<Long, Double>> course,
        FeatureImportance importance,
        long trainNanos,
        long scoreNanos,
        long scoredRows) {}
