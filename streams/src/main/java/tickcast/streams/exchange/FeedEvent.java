package tickcast.streams.exchange;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import tickcast.actors.topic.FeedState;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** What a {@link TradeFeed} says, in order. */
public sealed interface FeedEvent {

    /** Trades of any symbols, as they arrived; a batch of hundreds is as good as one. */
    record TradesArrived(List<Trade> trades) implements FeedEvent {}

    /**
     * The watermark passed a minute's end: every symbol's candle of that minute closes now. Comes once per minute, rising.
     *
     * @param unsure symbols whose minute may lack trades
     * @param filled symbols whose minute was partly filled from history
     * @param alive whether the feed was proven alive by frames when the minute ended
     * @param candles ready-made candles of this minute, from sources that have no trades; symbols without one are built from trades
     */
    record MinutePassed(
            Instant closeTime, Pace pace, Set<Symbol> unsure, Set<Symbol> filled, boolean alive, List<Candle> candles)
            implements FeedEvent {

        /** How far the feed vouches for one symbol's minute. */
        public Coverage coverage(Symbol symbol) {
            if (unsure.contains(symbol)) {
                return Coverage.UNSURE;
            }
            return filled.contains(symbol) ? Coverage.FILLED : Coverage.SEEN;
        }
    }

    /** Newer truth about minutes that had passed: repairs and read-back. */
    record CandlesRevised(Symbol symbol, List<Candle> candles) implements FeedEvent {}

    /** @param detail one plain sentence for people */
    record StateChanged(FeedState state, String detail) implements FeedEvent {}
}
