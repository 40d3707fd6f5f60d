package tickcast.actors;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tickcast.actors.market.Market;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Explainer;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.sentiment.SentimentAnalyst;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.HistoryProgress;
import tickcast.actors.topic.Published;
import tickcast.actors.training.Trainer;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.Explanation;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.sentiment.NewsItem;

/** One of each message that travels between nodes. */
final class Messages {

    private static final Instant AS_OF = Instant.parse("2026-01-05T12:00:00Z");
    private static final Candle CANDLE = Scenes.candles(Scenes.BTC, AS_OF, 1).get(0);

    private Messages() {}

    static Map<Class<?>, Object> all(ActorRef<?> anyone) {
        Map<Class<?>, Object> messages = new LinkedHashMap<>();
        List.of(
                        new Market.RecordTrades(Scenes.trades(Scenes.BTC, AS_OF, 3), to(anyone)),
                        new Market.Recorded(1, 2, 3),
                        new Market.CloseMinute(AS_OF, Coverage.FILLED, true, Pace.CLOCK, 3, to(anyone)),
                        new Market.CloseWithCandle(CANDLE, Pace.EVENT, to(anyone)),
                        new Market.Closed(AS_OF, true, 3),
                        new Market.ReviseCandles(List.of(CANDLE), to(anyone)),
                        new Market.Revised(1),
                        new Market.HearSentiment(List.of(Scenes.sentiment("a", "*", AS_OF.plusNanos(1_234_567)))),
                        new Market.Stop(),
                        new Predictor.Offer(
                                vector(),
                                new Eligibility(true, false, 70, true),
                                new double[] {1.5, Double.NaN},
                                Pace.CLOCK,
                                to(anyone)),
                        new Predictor.Attend(
                                vector(),
                                new Eligibility(true, false, 70, true),
                                new double[] {1.5, Double.NaN},
                                Pace.EVENT),
                        new Predictor.Pass(Scenes.BTC, AS_OF),
                        new Predictor.UseModels("17", List.of("16"), "its live skill is credibly below naive"),
                        new Predictor.Predicted(live()),
                        new Predictor.NotPredicted("the archive is down"),
                        new Explainer.Explain(vector(), "17", to(anyone)),
                        new Explainer.Explained(
                                new Explanation(
                                        1e-6,
                                        0.001,
                                        List.of(new Explanation.Contribution("return1", Double.NaN, -2e-5))),
                                -1.9e-5),
                        new Explainer.NotExplained("There is no model 17."),
                        new Explainer.NotNow("Model 17 can't be read right now."),
                        new Monitor.Mature(CANDLE, to(anyone)),
                        new Monitor.Matured(AS_OF, 1, true),
                        new Monitor.Stop(),
                        new SentimentAnalyst.Analyse(
                                List.of(new NewsItem("a", "feed", "title", "", "", AS_OF, AS_OF)), to(anyone)),
                        new SentimentAnalyst.Analysed(1, "", false),
                        new Trainer.Promote("17", to(anyone)),
                        new Trainer.Rollback(to(anyone)),
                        new Trainer.Switched(Trainer.Outcome.DONE, "17", ""),
                        new Trainer.AwaitFirstVerdict(to(anyone)),
                        new Trainer.Verdict("naive", "too little history"),
                        new Published.CandleClosed(CANDLE),
                        new Published.PredictionMade(abstained()),
                        new Published.PredictionMatured(
                                PredictionError.unscored(live(), PredictionError.NO_TARGET, AS_OF)),
                        new Published.SentimentScored(Scenes.sentiment("a", "BTC/USD", AS_OF)),
                        new Published.FeedChanged(FeedState.LIVE, "Kraken is there.", AS_OF),
                        new Published.ModelChanged("17", "promoted", AS_OF),
                        new Published.HistoryAdvanced(
                                new HistoryProgress(
                                        List.of(new HistoryProgress.OfSymbol(Scenes.BTC, 7.5, 21)), -1, "7 of 21 days"),
                                AS_OF))
                .forEach(message -> messages.put(message.getClass(), message));
        return messages;
    }

    private static <T> ActorRef<T> to(ActorRef<?> anyone) {
        return anyone.unsafeUpcast().narrow();
    }

    private static FeatureVector vector() {
        return new FeatureVector(
                Scenes.BTC, AS_OF, AS_OF.plusMillis(500), "hash", new double[] {Double.NaN, 1e-300, -0.0}, 1, 2, "");
    }

    private static Prediction live() {
        return prediction(Status.LIVE, null, 100.1, List.of(new Interval(0.8, 99, 101)));
    }

    private static Prediction abstained() {
        return prediction(Status.ABSTAINED, Reason.GAP, Double.NaN, List.of());
    }

    private static Prediction prediction(Status status, Reason reason, double figure, List<Interval> intervals) {
        return new Prediction(
                Scenes.BTC,
                "simulated",
                AS_OF,
                AS_OF.plusMillis(41),
                AS_OF.plus(Duration.ofMinutes(5)),
                100,
                figure,
                figure / 100,
                intervals,
                figure / 200,
                "17",
                "hash",
                status,
                reason,
                true,
                0.0004,
                new double[] {1.4, 2.5, 300});
    }
}
