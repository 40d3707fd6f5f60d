package tickcast.model.forecast;

/**
 * What a symbol's market says about one of its minutes, besides the features.
 *
 * @param feedAlive whether the feed was proven alive when the minute ended
 * @param hasGap whether one of the last 60 minutes is PARTIAL
 * @param minutesKnown consecutive minutes taken
 * @param isWarm whether every recursion has its full history
 */
public record Eligibility(boolean feedAlive, boolean hasGap, int minutesKnown, boolean isWarm) {}
