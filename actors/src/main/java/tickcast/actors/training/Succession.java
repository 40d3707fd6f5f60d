package tickcast.actors.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tickcast.model.evaluation.Duel;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;

/**
 * Who is champion. One look compares the champion with naive, with its predecessor and with its challengers, and switches
 * in the registry, each time with its reason; so does the operator. Blocking; thread safe: one at a time, so that a look
 * never undoes what it has not seen.
 */
final class Succession {

    private final StoredMarket market;
    private final ModelRegistry registry;
    private final Trainer.Settings settings;
    private final Drift drift;

    Succession(StoredMarket market, ModelRegistry registry, Trainer.Settings settings) {
        this.market = market;
        this.registry = registry;
        this.settings = settings;
        this.drift = new Drift(market, registry, settings);
    }

    /**
     * @param changes what was switched and why, in plain sentences
     * @param unable why the champion can't be used at all and nobody could take its place, or empty
     * @param retrain why another model is wanted at once, or empty
     */
    record Look(List<String> changes, String unable, String retrain) {

        static final Look NOTHING = new Look(List.of(), "", "");
    }

    synchronized Look look() {
        Optional<Instant> now = market.newestClose();
        return now.isEmpty() ? Look.NOTHING : look(now.get());
    }

    /** The operator's word. Returns the champion's version. */
    synchronized String promote(String version) {
        return registry.promote(version, "promoted by the operator").version();
    }

    /** The operator wants the former champion back. Returns its version. */
    synchronized String rollback() {
        return registry.rollback("rolled back by the operator").version();
    }

    private Look look(Instant now) {
        LiveRecord live = LiveRecord.read(market, settings.watchWindow(), now);
        Evidence evidence = new Evidence(market, registry, settings, live, now);
        Optional<ModelCard> champion = registry.champion();
        Optional<String> unable = champion.isEmpty()
                ? Optional.of("there is no champion that can be read")
                : evidence.refusal(champion.get());
        Optional<String> change = unable.isPresent()
                ? takeOver(champion, unable.get(), evidence)
                : decide(champion.orElseThrow(), evidence, now);
        String stillUnable = change.isPresent() || champion.isEmpty() ? "" : unable.orElse("");
        if (!stillUnable.isEmpty()) {
            registry.note(ModelSwitch.Action.REFUSE, champion.get().version(), stillUnable);
        }
        return new Look(change.stream().toList(), stillUnable, drift.reason(live, stillUnable, now));
    }

    private Optional<String> decide(ModelCard champion, Evidence evidence, Instant now) {
        if (evidence.live().isCrediblyWorseThanNaive(champion.version())) {
            return fall(champion, evidence);
        }
        Optional<String> change = outdo(champion, evidence).or(() -> contest(champion, evidence));
        boolean isEnding =
                evidence.isStale(champion, now.plus(settings.watchEvery().multipliedBy(2)));
        if (change.isEmpty() && isEnding) {
            change = takeOver(Optional.of(champion), "model " + champion.version() + " is too old to speak", evidence);
        }
        return change.or(() -> letSpeak(champion, evidence.live()));
    }

    /** The newest model that may speak takes the place of a champion that can't. */
    private Optional<String> takeOver(Optional<ModelCard> champion, String why, Evidence evidence) {
        return challengers()
                .filter(ModelCard::mayPromote)
                .filter(card -> champion.isEmpty()
                        || evidence.refusal(champion.get()).isPresent()
                        || card.dataTo().isAfter(champion.get().dataTo()))
                .filter(evidence::canSpeak)
                .findFirst()
                .map(card -> promote(card, why + "; model " + card.version() + " is the newest that may speak"));
    }

    /** Back to the predecessor, else on to a challenger, else silence: whoever has erred less than the fallen one. */
    private Optional<String> fall(ModelCard champion, Evidence evidence) {
        Duel naive = evidence.live().againstNaive(champion.version());
        String why = String.format(
                Locale.ROOT,
                "the live skill of model %s is credibly below naive: %.4f (%.4f to %.4f) on %,d predictions",
                champion.version(),
                naive.gain(),
                naive.gainLow(),
                naive.gainHigh(),
                naive.rows());
        Optional<ModelCard> predecessor = registry.predecessor();
        Optional<String> back = predecessor
                .filter(evidence::canSpeak)
                .flatMap(card -> evidence.betterThan(card, champion).map(better -> rollback(card, why, better)));
        return back.or(() -> challengers()
                        .filter(ModelCard::mayPromote)
                        .filter(card -> predecessor.filter(card::equals).isEmpty())
                        .filter(evidence::canSpeak)
                        .flatMap(
                                card -> evidence
                                        .betterThan(card, champion)
                                        .map(better -> replaceFallen(champion, card, why, better))
                                        .stream())
                        .findFirst())
                .or(() -> silence(champion, why));
    }

    private String replaceFallen(ModelCard fallen, ModelCard card, String why, String better) {
        String change = promote(card, why + "; " + better);
        registry.retire(fallen.version(), why);
        return change;
    }

    private Optional<String> silence(ModelCard champion, String why) {
        if (registry.silence().isPresent()) {
            return Optional.empty();
        }
        registry.note(ModelSwitch.Action.SILENCE, champion.version(), "its live skill is credibly below naive");
        return Optional.of("model " + champion.version() + " is silenced: " + why + ", and no other is better");
    }

    private Optional<String> letSpeak(ModelCard champion, LiveRecord live) {
        if (registry.silence().isEmpty()
                || !live.againstNaive(champion.version()).isBetter(Scoreboard.LEAST_EVIDENCE)) {
            return Optional.empty();
        }
        registry.note(ModelSwitch.Action.SPEAK, champion.version(), "its live skill is above naive again");
        return Optional.of("model " + champion.version() + " speaks again: its live skill is above naive");
    }

    /** Back to a predecessor that is credibly better live. */
    private Optional<String> outdo(ModelCard champion, Evidence evidence) {
        return registry.predecessor()
                .filter(card -> evidence.live()
                        .duel(card.version(), champion.version())
                        .isCrediblyBetter(Scoreboard.LEAST_EVIDENCE))
                .filter(evidence::canSpeak)
                .flatMap(card -> evidence.betterThan(card, champion)
                        .map(better -> rollback(
                                card,
                                "model " + champion.version() + " is credibly worse than its predecessor",
                                better)));
    }

    /** The challenger with newer data that was never champion and errs least in replay. A former one returns by rollback. */
    private Optional<String> contest(ModelCard champion, Evidence evidence) {
        List<ModelSwitch> history = registry.history();
        return challengers()
                .filter(ModelCard::mayPromote)
                .filter(card -> card.dataTo().isAfter(champion.dataTo()))
                .filter(card -> !ModelSwitch.wasChampion(history, card.version()))
                .filter(evidence::canSpeak)
                .flatMap(card -> evidence.claim(card, champion).stream())
                .max(Comparator.comparingDouble(claim -> claim.duel().gain()))
                .map(claim ->
                        promote(claim.challenger(), "better than model " + champion.version() + ": " + claim.reason()));
    }

    private String promote(ModelCard card, String reason) {
        registry.promote(card.version(), reason);
        return "model " + card.version() + " is champion now: " + reason;
    }

    private String rollback(ModelCard predecessor, String why, String better) {
        registry.rollback(why + "; " + better);
        return "rolled back to model " + predecessor.version() + ": " + why + "; " + better;
    }

    /** Newest first. */
    private Stream<ModelCard> challengers() {
        return registry.list().stream().filter(card -> card.state() == ModelState.CHALLENGER);
    }

    /** Retires what exceeds the number of challengers: the predecessor stays, and the newest do. */
    synchronized void prune() {
        Optional<String> predecessor = registry.predecessor().map(ModelCard::version);
        List<ModelCard> others = new ArrayList<>(challengers()
                .filter(card -> !Objects.equals(card.version(), predecessor.orElse("")))
                .toList());
        long kept = challengers().count() - others.size();
        others.stream()
                .skip(Math.max(1, settings.challengers() - kept))
                .forEach(card -> registry.retire(card.version(), "newer challengers took its place"));
    }
}
