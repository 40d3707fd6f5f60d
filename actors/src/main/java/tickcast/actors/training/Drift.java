package tickcast.actors.training;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.Duel;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;

/** When a new model is wanted before its time: the market has moved away from what the champion learned. Blocking. */
final class Drift {

    /** Less than that off is not worth a training, however sure it is. */
    private static final double LEAST_COVERAGE_ERROR = 0.02;

    private static final Duration RANGE_WINDOW = Duration.ofHours(6);
    private static final double MOST_OUT_OF_RANGE = 0.5;
    private static final int LEAST_PREDICTIONS = 60;

    private final StoredMarket market;
    private final ModelRegistry registry;
    private final Trainer.Settings settings;

    Drift(StoredMarket market, ModelRegistry registry, Trainer.Settings settings) {
        this.market = market;
        this.registry = registry;
        this.settings = settings;
    }

    /** @param unable why the champion can't be used, or empty @return in plain words, or empty when all is well or a model was trained lately */
    String reason(LiveRecord live, String unable, Instant now) {
        Optional<ModelCard> champion = registry.champion();
        if (champion.isEmpty() || isFresh(now)) {
            return "";
        }
        ModelCard card = champion.get();
        return Stream.<Optional<String>>of(
                        unable.isEmpty() ? Optional.empty() : Optional.of(unable),
                        registry.silence().map(why -> "model " + card.version() + " is silenced"),
                        skill(card, live.againstNaive(card.version())),
                        coverage(card, live.misses(card.version())),
                        range(card, now))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("");
    }

    private boolean isFresh(Instant now) {
        return registry.list().stream()
                .map(ModelCard::dataTo)
                .max(Comparator.naturalOrder())
                .filter(newest -> newest.plus(settings.rules().retrainPause()).isAfter(now))
                .isPresent();
    }

    private static Optional<String> skill(ModelCard card, Duel live) {
        double promised = card.metrics().getOrDefault("skillLow", Double.NaN);
        return live.rows() >= Scoreboard.LEAST_EVIDENCE && live.gainHigh() < promised
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "the live skill of model %s, at most %.4f, is credibly below the %.4f that its test promised",
                        card.version(),
                        live.gainHigh(),
                        promised))
                : Optional.empty();
    }

    private static Optional<String> coverage(ModelCard card, Duel misses) {
        boolean isCredible =
                misses.isCrediblyBetter(Scoreboard.LEAST_EVIDENCE) || misses.isCrediblyWorse(Scoreboard.LEAST_EVIDENCE);
        return isCredible && Math.abs(misses.mae() - misses.rivalMae()) >= LEAST_COVERAGE_ERROR
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "the %.0f %% interval of model %s held %.1f %% of %,d outcomes",
                        100 * (1 - misses.rivalMae()),
                        card.version(),
                        100 * (1 - misses.mae()),
                        misses.rows()))
                : Optional.empty();
    }

    private Optional<String> range(ModelCard card, Instant now) {
        List<Prediction> lately = market.symbols().stream()
                .flatMap(symbol ->
                        StoredMarket.await(
                                market.archive().predictions(symbol, Page.all(now.minus(RANGE_WINDOW), Instant.MAX)))
                                .stream())
                .toList();
        long outside = lately.stream()
                .filter(prediction -> prediction.reason() == Reason.OUT_OF_RANGE)
                .count();
        return lately.size() >= LEAST_PREDICTIONS && outside > MOST_OUT_OF_RANGE * lately.size()
                ? Optional.of(outside + " of the last " + lately.size() + " feature vectors lie far outside what model "
                        + card.version() + " was trained on")
                : Optional.empty();
    }
}
