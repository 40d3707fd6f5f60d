package tickcast.actors.training;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tickcast.model.forecast.Prediction;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.NotEnoughHistory;

/** The trainer's blocking work: training and registering, and the line-up as the registry has it. Thread safe. */
final class Training {

    private final Trainer.Settings settings;
    private final Trainer.Partners partners;
    private final StoredMarket market;

    Training(Trainer.Settings settings, Trainer.Partners partners, StoredMarket market) {
        this.settings = settings;
        this.partners = partners;
        this.market = market;
    }

    /**
     * @param outcome one plain sentence
     * @param switched whether the new model is champion now
     * @param next when to try again
     */
    record Attempt(String outcome, boolean switched, Duration next) {}

    /**
     * Trains on what is there now and registers the model, unless it is the newest one again. When it may speak and there is no champion it becomes that;
     * otherwise it is a challenger. Does nothing while the newest model is young and nothing is urgent.
     *
     * @param urgency why its age does not matter, or empty
     * @throws NotEnoughHistory when there is too little
     */
    Attempt train(String urgency) {
        Instant now = market.newestClose()
                .orElseThrow(() -> new NotEnoughHistory("there is not a single candle to train on yet"));
        Optional<ModelCard> newest = newest();
        if (urgency.isEmpty() && newest.isPresent()) {
            Duration left = Duration.between(now, newest.get().dataTo().plus(settings.retrainAfter()));
            if (!left.isNegative() && !left.isZero()) {
                return new Attempt("model " + newest.get().version() + " is young enough", false, atLeastRetry(left));
            }
        }
        TrainedModel trained = partners.recipe()
                .train(
                        market.history(now.minus(settings.history()), now),
                        market::served,
                        now,
                        partners.clock().instant());
        if (newest.isPresent() && isTheSame(trained.card(), newest.get())) {
            return new Attempt(
                    "there is nothing to learn that model " + newest.get().version() + " does not know",
                    false,
                    settings.retrainAfter());
        }
        return judged(partners.registry().register(trained));
    }

    /** Made of the same rows in the same way: during a long gap nothing is added. */
    private static boolean isTheSame(ModelCard trained, ModelCard newest) {
        return Stream.of("dataDigest", "recipe")
                .allMatch(name -> trained.parameters().containsKey(name)
                        && trained.parameters()
                                .get(name)
                                .equals(newest.parameters().get(name)));
    }

    private Optional<ModelCard> newest() {
        return partners.registry().list().stream()
                .filter(card -> card.state() != ModelState.RETIRED)
                .max(Comparator.comparing(ModelCard::dataTo));
    }

    private Duration atLeastRetry(Duration left) {
        return left.compareTo(settings.retryAfter()) < 0 ? settings.retryAfter() : left;
    }

    private Attempt judged(ModelCard card) {
        String model = "model " + card.version();
        if (!card.mayPromote()) {
            return new Attempt(
                    model + " did not beat naive on its later part and stays in the shadow",
                    false,
                    settings.retrainAfter());
        }
        Optional<ModelCard> champion = partners.registry().champion();
        if (champion.isPresent()) {
            return new Attempt(
                    model
                            + " beat naive on its purged later part; what comes now shows whether it is better than model "
                            + champion.get().version(),
                    false,
                    settings.retrainAfter());
        }
        partners.registry().promote(card.version(), "beat naive on its purged later part, and there was no champion");
        return new Attempt(model + " beat naive on its purged later part", true, settings.retrainAfter());
    }

    /** The line-up as the registry has it. @param unable why the champion can't be used, or empty */
    Standing standing(String unable) {
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
        String silenced = settings.enabled() ? partners.registry().silence().orElse("") : "";
        return new Standing(champion, challengers, silenced, unable);
    }

    /**
     * Which models are in use.
     *
     * @param silenced why the champion may not speak, or empty
     * @param unable why it can't be loaded, or empty
     */
    record Standing(String champion, List<String> challengers, String silenced, String unable) {

        /** The registry could not be read yet. */
        static final Standing UNKNOWN = new Standing("", List.of(), "", "");

        boolean isKnown() {
            return this != UNKNOWN;
        }

        /** The version that speaks, or {@code naive}. */
        String speaker() {
            return champion.isEmpty() || !silenced.isEmpty() || !unable.isEmpty() ? Prediction.NAIVE : champion;
        }
    }
}
