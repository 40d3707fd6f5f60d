package tickcast.actors.market;

import akka.actor.typed.ActorRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;

/** What became of a market's own asynchronous work. Never leaves the actor. */
sealed interface MarketEvent extends Market.Command {

    record Sought(Closing closing, Memory rebuilt, StoredMinutes stored) implements MarketEvent {}

    record CandlesStored(Closing closing, List<Candle> candles) implements MarketEvent {}

    record CloseFailed(Closing closing, Throwable failure) implements MarketEvent {}

    record Followed(Closing closing, Optional<Prediction> prediction, boolean done) implements MarketEvent {}

    /** @param given what came from outside */
    record CorrectionsStored(List<Candle> changed, List<Candle> given, Optional<ActorRef<Market.Revised>> asker)
            implements MarketEvent {}

    record Recomputed(Memory rebuilt) implements MarketEvent {}

    record CorrectionFailed(List<Instant> lateMinutes, Throwable failure) implements MarketEvent {}

    record RecomputingFailed(Throwable failure) implements MarketEvent {}
}
