package tickcast.streams.exchange;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import tickcast.actors.market.Market;

/** Takes everything and says so. */
final class AnsweringMarket {

    private AnsweringMarket() {}

    static Behavior<Market.Command> create() {
        return Behaviors.receive(Market.Command.class)
                .onMessage(Market.RecordTrades.class, record -> {
                    record.replyTo().tell(new Market.Recorded(0, 0, 1));
                    return Behaviors.same();
                })
                .onMessage(Market.CloseMinute.class, close -> {
                    close.replyTo().tell(new Market.Closed(close.closeTime(), true, 1));
                    return Behaviors.same();
                })
                .build();
    }
}
