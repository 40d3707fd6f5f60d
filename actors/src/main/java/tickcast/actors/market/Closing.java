package tickcast.actors.market;

import akka.actor.typed.ActorRef;
import java.time.Instant;
import java.util.Optional;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;

/**
 * A minute that is to be closed, from trades or with a ready-made candle.
 *
 * @param given the ready-made candle, if there is one
 * @param life the market's
 */
record Closing(
        Instant closeTime,
        Coverage coverage,
        boolean feedAlive,
        Pace pace,
        Optional<Candle> given,
        long life,
        ActorRef<Market.Closed> replyTo) {

    static Closing of(Market.CloseMinute request, long life) {
        return new Closing(
                request.closeTime(),
                request.coverage(),
                request.feedAlive(),
                request.pace(),
                Optional.empty(),
                life,
                request.replyTo());
    }

    static Closing of(Market.CloseWithCandle request, long life) {
        Candle candle = request.candle();
        Optional<Candle> sound = Optional.of(candle).filter(given -> Revisions.isSound(given, given.symbol()));
        Coverage coverage =
                sound.filter(given -> given.quality().isWhole()).isPresent() ? Coverage.SEEN : Coverage.UNSURE;
        return new Closing(candle.closeTime(), coverage, true, request.pace(), sound, life, request.replyTo());
    }

    Instant openTime() {
        return closeTime.minus(Candle.INTERVAL);
    }

    void answer(boolean done) {
        replyTo.tell(new Market.Closed(closeTime, done, life));
    }
}
