package tickcast.model.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * What matured predictions add up to in a window, all together and by model version. A pure function of the error
 * records. Errors of one symbol count in the quote asset; errors of several symbols are first divided by the move that
 * volatility led to expect, so that none outweighs the others, and those without volatility stay out.
 *
 * @param from start of the window, inclusive, by target time
 * @param to end of the window, exclusive
 * @param overall every prediction of the window
 * @param byModel by model version, in the order of the text
 */
public record Scoreboard(Instant from, Instant to, Performance overall, List<Performance> byModel) {

    /** Scored predictions that law 10 wants to see before a model is silenced. */
    public static final int LEAST_EVIDENCE = 500;
    /** Model version of all versions together. */
    public static final String ALL = "*";

    /** Adds up the errors whose target lies in the window. */
    public static Scoreboard of(List<PredictionError> errors, Instant from, Instant to) {
        List<PredictionError> inWindow = errors.stream()
                .filter(error -> !error.prediction().targetTime().isBefore(from))
                .filter(error -> error.prediction().targetTime().isBefore(to))
                .toList();
        return ofSums(sums(inWindow), from, to);
    }

    /** The same of errors that are added up already, all in one unit. */
    public static Scoreboard ofSums(List<ErrorSums> sums, Instant from, Instant to) {
        List<ErrorSums> inWindow = sums.stream()
                .filter(part ->
                        !part.targetTime().isBefore(from) && part.targetTime().isBefore(to))
                .sorted(Comparator.comparing(ErrorSums::targetTime))
                .toList();
        Map<String, List<ErrorSums>> byVersion = inWindow.stream()
                .collect(Collectors.groupingBy(ErrorSums::modelVersion, TreeMap::new, Collectors.toList()));
        List<Performance> byModel = byVersion.entrySet().stream()
                .map(entry -> performance(entry.getKey(), entry.getValue()))
                .toList();
        return new Scoreboard(from, to, performance(ALL, inWindow), byModel);
    }

    /** Errors in the unit that a scoreboard of them all counts in, by target time; several symbols' added up by minute. */
    public static List<ErrorSums> sums(List<PredictionError> errors) {
        return isPooled(errors)
                ? ErrorTotals.of(errors).sums()
                : errors.stream()
                        .sorted(Comparator.comparing(error -> error.prediction().targetTime()))
                        .map(ErrorSums::inQuoteAsset)
                        .toList();
    }

    /** The window that ends now. */
    public static Scoreboard of(List<PredictionError> errors, Duration window, Instant now) {
        return of(errors, now.minus(window), now);
    }

    /**
     * Whether the model's scored predictions are credibly worse than naive: the upper end of the skill's interval below
     * 0, symbols pooled, at least {@link #LEAST_EVIDENCE} of them. Pass all errors of the version, shadows too.
     */
    public static boolean crediblyWorseThanNaive(List<PredictionError> errors, String modelVersion) {
        List<PredictionError> own = errors.stream()
                .filter(error -> error.prediction().modelVersion().equals(modelVersion))
                .toList();
        return performance(modelVersion, ErrorTotals.of(own).sums()).crediblyWorseThanNaive(LEAST_EVIDENCE);
    }

    /** The same by symbol, each in its quote asset. */
    public static SortedMap<Symbol, Performance> bySymbol(List<PredictionError> errors) {
        SortedMap<Symbol, Performance> bySymbol = new TreeMap<>();
        errors.stream()
                .collect(Collectors.groupingBy(error -> error.prediction().symbol()))
                .forEach((symbol, own) -> bySymbol.put(symbol, performance(ALL, sums(own))));
        return bySymbol;
    }

    /**
     * The same by UTC hour of the as-of, 0–23. An hour has few blocks of time in a window, so intervals are wider than
     * elsewhere: {@link BlockBootstrap#cautiousSkill}.
     */
    public static SortedMap<Integer, Performance> byHour(List<PredictionError> errors) {
        return byHourOfSums(sums(errors));
    }

    /** The same of errors that are added up already, all in one unit. */
    public static SortedMap<Integer, Performance> byHourOfSums(List<ErrorSums> sums) {
        SortedMap<Integer, Performance> byHour = new TreeMap<>();
        sums.stream()
                .sorted(Comparator.comparing(ErrorSums::targetTime))
                .collect(Collectors.groupingBy(
                        part -> part.asOf().atOffset(ZoneOffset.UTC).getHour()))
                .forEach((hour, own) -> byHour.put(hour, tally(own).cautiousPerformance(ALL)));
        return byHour;
    }

    private static boolean isPooled(List<PredictionError> errors) {
        return errors.stream()
                        .map(error -> error.prediction().symbol())
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
    }

    private static Performance performance(String version, List<ErrorSums> sums) {
        return tally(sums).performance(version);
    }

    private static Tally tally(List<ErrorSums> sums) {
        Tally tally = new Tally(blockMinutes(sums));
        sums.forEach(tally::add);
        return tally;
    }

    /** An hour, or less in short windows, but never less than twice the horizon. */
    private static int blockMinutes(List<ErrorSums> sums) {
        if (sums.isEmpty()) {
            return 60;
        }
        ErrorSums first = sums.get(0);
        ErrorSums last = sums.get(sums.size() - 1);
        long span = Times.epochMinute(last.targetTime()) - Times.epochMinute(first.targetTime()) + 1;
        long horizon = Duration.between(first.asOf(), first.targetTime()).toMinutes();
        return Math.toIntExact(Math.max(2 * horizon, Math.min(60, span / 10)));
    }
}
