package tickcast.streams.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** One record of the topic {@code tickcast.trades}: something that a symbol's market is told, in the order of the log. */
public sealed interface MarketRecord {

    Symbol symbol();

    /** @param trades of this symbol as they arrived, at most {@link MarketRecordCodec#MOST_TRADES} */
    record Trades(Symbol symbol, List<Trade> trades) implements MarketRecord {}

    /**
     * The watermark passed a minute's end: the symbol's candle of that minute closes now.
     *
     * @param alive whether the feed was proven alive when the minute ended
     * @param candle ready-made, from sources that have no trades; else it is built from the trades
     */
    record Minute(
            Symbol symbol, Instant closeTime, Coverage coverage, boolean alive, Pace pace, Optional<Candle> candle)
            implements MarketRecord {}

    /** Newer truth about minutes that had passed. @param candles at most {@link MarketRecordCodec#MOST_CANDLES} */
    record Candles(Symbol symbol, List<Candle> candles) implements MarketRecord {}
}
