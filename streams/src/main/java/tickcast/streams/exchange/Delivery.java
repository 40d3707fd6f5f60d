package tickcast.streams.exchange;

import akka.Done;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/**
 * Where {@link Ingest} takes what a feed says: to the markets, or to a log that they are fed from. A stage completes when
 * nothing of the event can be lost any more; until {@link #parallelism} of them are under way the next event is called,
 * in order.
 */
public interface Delivery {

    CompletionStage<Done> deliver(TradesArrived event);

    CompletionStage<Done> deliver(MinutePassed event);

    CompletionStage<Done> deliver(CandlesRevised event);

    /** Events that may be under way at once. */
    default int parallelism() {
        return 1;
    }

    /** Completes when the markets are done with all that was delivered. */
    default CompletionStage<Done> settled() {
        return CompletableFuture.completedStage(Done.getInstance());
    }
}
