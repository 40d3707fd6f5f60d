package tickcast.actors.prediction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import tickcast.model.feature.FeatureVector;
import tickcast.model.feature.Panel;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Opinion;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.forecast.Status;
import tickcast.model.market.Symbol;

/** From the offers of one as-of to vectors and predictions. Pure but for the models' own memory. */
final class Scoring {

    /**
     * @param vectors joined, in the order of the offers
     * @param published one for each offer, in that order
     * @param shadows of models that do not speak
     */
    record Scored(List<FeatureVector> vectors, List<Prediction> published, List<Prediction> shadows) {

        /** The published ones first. */
        List<Prediction> predictions() {
            List<Prediction> all = new ArrayList<>(published);
            all.addAll(shadows);
            return all;
        }
    }

    private final PredictionComposer composer;
    private final Set<Symbol> panel;
    private final Duration staleAfter;
    private final Logger log;

    Scoring(Predictor.Settings settings, Logger log) {
        this.log = log;
        this.composer = new PredictionComposer(settings.source(), settings.horizonMinutes(), settings.coverages());
        this.panel = settings.panel();
        this.staleAfter = settings.staleAfter();
    }

    /**
     * @param others vectors of the same as-of that are joined but need no prediction
     * @param madeAt on the market's clock, one for each offer's pace
     */
    Scored score(List<Predictor.Offer> offers, List<FeatureVector> others, Lineup lineup, List<Instant> madeAt) {
        List<FeatureVector> all = Stream.concat(offers.stream().map(Predictor.Offer::vector), others.stream())
                .toList();
        List<FeatureVector> vectors = Panel.join(all, panel).subList(0, offers.size());
        List<Prediction> published = new ArrayList<>();
        List<Prediction> shadows = new ArrayList<>();
        List<Opinion> champion = lineup.champion()
                .map(model -> opinions(model, vectors, lineup.silenced()))
                .orElseGet(() -> silence(vectors));
        for (int i = 0; i < offers.size(); i++) {
            Predictor.Offer offer = offers.get(i);
            Prediction prediction = composer.compose(
                    vectors.get(i), offer.eligibility(), champion.get(i), offer.calibration(), madeAt.get(i));
            published.add(prediction);
            if (prediction.status() == Status.FALLBACK) {
                shadow(offer, vectors.get(i), champion.get(i), madeAt.get(i)).ifPresent(shadows::add);
            }
        }
        for (Forecaster challenger : lineup.challengers()) {
            List<Opinion> opinions = opinions(challenger, vectors, false);
            for (int i = 0; i < offers.size(); i++) {
                shadow(offers.get(i), vectors.get(i), opinions.get(i), madeAt.get(i))
                        .ifPresent(shadows::add);
            }
        }
        return new Scored(vectors, published, shadows);
    }

    private Optional<Prediction> shadow(Predictor.Offer offer, FeatureVector vector, Opinion opinion, Instant madeAt) {
        return composer.composeShadow(vector, offer.eligibility(), opinion, offer.calibration(), madeAt);
    }

    /** A model that fails, or was made for other features, has no opinion: it must not keep the others from being heard. */
    private List<Opinion> opinions(Forecaster model, List<FeatureVector> vectors, boolean silenced) {
        String version = model.card().version();
        try {
            List<Forecaster.Forecast> forecasts = model.score(vectors);
            List<Opinion> opinions = new ArrayList<>();
            for (int i = 0; i < forecasts.size(); i++) {
                opinions.add(new Opinion.Given(version, forecasts.get(i), isStale(model, vectors.get(i)), silenced));
            }
            return opinions;
        } catch (RuntimeException failure) {
            log.warn("Model {} could not score: {}", version, failure.toString());
            return silence(vectors);
        }
    }

    private static List<Opinion> silence(List<FeatureVector> vectors) {
        return vectors.stream().map(vector -> Opinion.none()).toList();
    }

    private boolean isStale(Forecaster model, FeatureVector vector) {
        return vector.asOf().isAfter(model.card().dataTo().plus(staleAfter));
    }
}
