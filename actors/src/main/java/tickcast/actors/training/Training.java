package tickcast.actors.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.Performance;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelState;
import tickcast.model.sentiment.Sentiment;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.NotEnoughHistory;

/** The trainer's blocking work: reading history, training, registering, judging live records. Thread safe. */
final class Training {

    private final Trainer.Settings settings;
    private final Trainer.Partners partners;

    Training(Trainer.Settings settings, Trainer.Partners partners) {
        this.settings = settings;
        this.partners = partners;
    }

    /**
     * Trains on what is there now, registers the model, and promotes it when it may speak. Does nothing while the champion
     * is young.
     *
     * @return one plain sentence about what came of it
     * @throws NotEnoughHistory when there is too little
     */
    String train() {
        Instant now =
                newestClose().orElseThrow(() -> new NotEnoughHistory("there is not a single candle to train on yet"));
        Optional<ModelCard> champion = partners.registry().champion();
        if (champion.isPresent()
                && champion.get().dataTo().plus(settings.retrainAfter()).isAfter(now)) {
            return "model " + champion.get().version() + " is young enough";
        }
        ModelCard card = partners.registry()
                .register(partners.recipe()
                        .train(history(now), this::served, now, partners.clock().instant()));
        if (!card.mayPromote()) {
            return "model " + card.version() + " did not beat naive on its later part and stays in the shadow";
        }
        partners.registry().promote(card.version(), "beat naive on its purged later part");
        return "model " + card.version() + " beat naive on its purged later part";
    }

    private MarketHistory history(Instant now) {
        Instant from = now.minus(settings.history());
        Map<Symbol, List<Candle>> candles = new HashMap<>();
        List<Sentiment> sentiment = new ArrayList<>(
                await(partners.archive().sentiment(Sentiment.MARKET_WIDE, Page.all(from, Instant.MAX))));
        for (Symbol symbol : settings.symbols()) {
            candles.put(symbol, await(partners.archive().candles(symbol, Page.all(from, now))));
            sentiment.addAll(await(partners.archive().sentiment(symbol.name(), Page.all(from, Instant.MAX))));
        }
        return MarketHistory.of(candles, sentiment);
    }

    private List<tickcast.model.feature.FeatureVector> served(Symbol symbol, Instant from, Instant to) {
        return await(partners.archive().features(symbol, Page.all(from, to)));
    }

    /** The line-up as the registry has it. @param silenced why the champion may not speak, or empty */
    Standing standing(String silenced) {
        List<ModelCard> cards = partners.registry().list();
        String champion = cards.stream()
                .filter(card -> card.state() == ModelState.CHAMPION)
                .map(ModelCard::version)
                .findFirst()
                .orElse("");
        List<String> challengers = cards.stream()
                .filter(card -> card.state() == ModelState.CHALLENGER)
                .map(ModelCard::version)
                .limit(settings.challengers())
                .toList();
        return new Standing(champion, challengers, silenced);
    }

    /**
     * Looks at a model's live record.
     *
     * @param silenced why it is silenced now, or empty
     * @return why it may not speak from now on, or empty
     */
    String judge(String version, String silenced) {
        Optional<Instant> now = newestClose();
        if (version.isEmpty() || now.isEmpty()) {
            return silenced;
        }
        List<PredictionError> errors = recentErrors(version, now.get());
        if (Scoreboard.crediblyWorseThanNaive(errors, version)) {
            return "its live skill is credibly below naive";
        }
        boolean recovered =
                Scoreboard.of(errors, settings.watchWindow(), now.get().plus(Candle.INTERVAL)).byModel().stream()
                        .filter(performance -> performance.modelVersion().equals(version))
                        .anyMatch(Training::isAboveNaive);
        return recovered ? "" : silenced;
    }

    private static boolean isAboveNaive(Performance performance) {
        return performance.count() >= Scoreboard.LEAST_EVIDENCE && performance.skill() > 0;
    }

    private List<PredictionError> recentErrors(String version, Instant now) {
        Page window = Page.all(now.minus(settings.watchWindow()), Instant.MAX);
        List<PredictionError> errors = new ArrayList<>();
        for (Symbol symbol : settings.symbols()) {
            await(partners.archive().allErrors(symbol, window)).stream()
                    .filter(error -> error.prediction().modelVersion().equals(version))
                    .forEach(errors::add);
        }
        return errors;
    }

    private Optional<Instant> newestClose() {
        return settings.symbols().stream()
                .flatMap(symbol -> await(partners.archive().candles(symbol, Page.latest(1))).stream())
                .map(Candle::closeTime)
                .max(Instant::compareTo);
    }

    String promote(String version) {
        return partners.registry().promote(version, "promoted by the operator").version();
    }

    String rollback() {
        return partners.registry().rollback("rolled back by the operator").version();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** Which models are in use. @param silenced why the champion may not speak, or empty */
    record Standing(String champion, List<String> challengers, String silenced) {

        static final Standing NONE = new Standing("", List.of(), "");

        /** The version that speaks, or {@code naive}. */
        String speaker() {
            return champion.isEmpty() || !silenced.isEmpty() ? tickcast.model.forecast.Prediction.NAIVE : champion;
        }
    }
}
