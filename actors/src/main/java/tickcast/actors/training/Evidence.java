package tickcast.actors.training;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tickcast.model.evaluation.Duel;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.forecast.Forecaster;
import tickcast.model.market.Times;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.training.NotEnoughHistory;
import tickcast.model.training.Replay;
import tickcast.model.training.TrainingSet;

/**
 * What speaks for one model in place of another: the live record, and the replay on the newest rows that neither was
 * trained on. Made for one look at one instant, on one thread; rows are made when first asked for. Blocking.
 */
final class Evidence {

    private static final String RECIPE = "recipe";

    private final StoredMarket market;
    private final ModelRegistry registry;
    private final Trainer.Settings settings;
    private final LiveRecord live;
    private final Instant now;
    private final Map<String, TrainingSet> rowsSince = new HashMap<>();

    Evidence(StoredMarket market, ModelRegistry registry, Trainer.Settings settings, LiveRecord live, Instant now) {
        this.market = market;
        this.registry = registry;
        this.settings = settings;
        this.live = live;
        this.now = now;
    }

    LiveRecord live() {
        return live;
    }

    /** Whether it may not speak any more for its age, then. */
    boolean isStale(ModelCard card, Instant then) {
        return !card.dataTo().plus(settings.rules().staleAfter()).isAfter(then);
    }

    /** Why the model can't be loaded; empty when it can. */
    Optional<String> refusal(ModelCard card) {
        try {
            registry.load(card.version()).close();
            return Optional.empty();
        } catch (ModelRegistry.ModelRejected rejected) {
            return Optional.of(rejected.getMessage());
        }
    }

    /** Whether it could speak now, and nothing live speaks against it. */
    boolean canSpeak(ModelCard card) {
        return !isStale(card, now)
                && !live.isCrediblyWorseThanNaive(card.version())
                && refusal(card).isEmpty();
    }

    /**
     * Why a challenger should take a champion's place that is not known to be bad: it is better in replay and not credibly
     * worse live. One of the champion's own recipe and newer data, a routine retrain, needs no live record; another needs
     * one of {@link Scoreboard#LEAST_EVIDENCE} predictions.
     */
    Optional<Claim> claim(ModelCard challenger, ModelCard champion) {
        Duel lately = live.duel(challenger.version(), champion.version());
        boolean isProven = isRoutine(challenger, champion) || lately.rows() >= Scoreboard.LEAST_EVIDENCE;
        if (!isProven || lately.isCrediblyWorse(Scoreboard.LEAST_EVIDENCE)) {
            return Optional.empty();
        }
        return replay(challenger, champion)
                .filter(duel -> duel.isBetter(settings.rules().leastRows()))
                .map(duel -> new Claim(challenger, duel, "in replay on " + told(duel) + lately(lately)));
    }

    /** @param gain how much less the challenger errs @param reason in words */
    record Claim(ModelCard challenger, Duel duel, String reason) {}

    private static boolean isRoutine(ModelCard challenger, ModelCard champion) {
        String recipe = challenger.parameters().getOrDefault(RECIPE, "");
        return !recipe.isEmpty() && recipe.equals(champion.parameters().get(RECIPE));
    }

    private static String lately(Duel lately) {
        return lately.rows() == 0 ? "" : "; live on " + told(lately);
    }

    /**
     * Whether a model erred less than a champion that is known to be bad: live when there is enough of that, else in
     * replay.
     */
    Optional<String> betterThan(ModelCard card, ModelCard champion) {
        Duel lately = live.duel(card.version(), champion.version());
        if (lately.rows() >= Scoreboard.LEAST_EVIDENCE) {
            return lately.gain() > 0 ? Optional.of("live on " + told(lately)) : Optional.empty();
        }
        return replay(card, champion)
                .filter(duel -> duel.isBetter(settings.rules().leastRows()))
                .map(duel -> "in replay on " + told(duel));
    }

    private static String told(Duel duel) {
        return String.format(
                Locale.ROOT,
                "%,d identical rows its scaled MAE is %.4f against %.4f",
                duel.rows(),
                duel.mae(),
                duel.rivalMae());
    }

    /** Empty when there are too few minutes that neither was trained on, or one can't score. */
    private Optional<Duel> replay(ModelCard card, ModelCard rival) {
        Instant from = unseenFrom(card, rival);
        if (Duration.between(from, now).compareTo(settings.rules().leastReplay()) < 0) {
            return Optional.empty();
        }
        try (Forecaster own = registry.load(card.version());
                Forecaster other = registry.load(rival.version())) {
            return Optional.of(Replay.of(rowsUnseenBy(rival), from, own, other));
        } catch (ModelRegistry.ModelRejected | NotEnoughHistory | IllegalArgumentException impossible) {
            return Optional.empty();
        }
    }

    /** Every challenger is compared with the same champion: its rows serve them all. */
    private TrainingSet rowsUnseenBy(ModelCard rival) {
        return rowsSince.computeIfAbsent(
                rival.version(),
                version -> market.rows(Times.recursionStart(unseenFrom(rival, rival)), now, rival.horizonMinutes()));
    }

    /** Purged: a horizon after the last target that either was trained on, and within the window that is watched. */
    private Instant unseenFrom(ModelCard card, ModelCard rival) {
        Instant newest = card.dataTo().isAfter(rival.dataTo()) ? card.dataTo() : rival.dataTo();
        Instant purged = newest.plus(Duration.ofMinutes(card.horizonMinutes()));
        Instant windowFrom = now.minus(settings.watchWindow());
        return purged.isAfter(windowFrom) ? purged : windowFrom;
    }
}
