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
 * @param outcomes by symbol, by rising target
 * @param course prices that the course recipe expected, by symbol and epoch minute of the target; empty when not asked for
 * @param models what there is to say of those that spoke
 * @param scoreNanos of all scoring
 * @param scoredRows rows scored
 */
record BacktestRun(
        Instant from,
        Instant testedFrom,
        Instant to,
        Map<Symbol, List<Outcome>> outcomes,
        Map<Symbol, Map<Long, Double>> course,
        Speaker.Account models,
        long scoreNanos,
        long scoredRows) {}
