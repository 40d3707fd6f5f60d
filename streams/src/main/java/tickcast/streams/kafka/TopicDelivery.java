package tickcast.streams.kafka;

import akka.Done;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.Delivery;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.TradesArrived;
import tickcast.streams.exchange.Stragglers;
import tickcast.streams.record.MarketRecord;
import tickcast.streams.record.MarketRecordCodec;
import tickcast.streams.record.Stamped;

/** Writes what a feed says into the trades topic, keyed by symbol: every symbol's records lie in the order of the feed. */
public final class TopicDelivery implements Delivery {

    private static final int UNDER_WAY = 8;

    private final RecordWriter writer;
    private final String topic;
    private final List<Symbol> symbols;
    private final String source;
    private final long epoch;
    private final Settlement settlement;
    private final Stragglers stragglers;
    /** Symbols of which there was something to make a candle of: others may never have a prediction. */
    private final Set<Symbol> active = new HashSet<>();

    private Instant lastCloseTime = Instant.MIN;

    /**
     * @param symbols of the feed: each gets its own record of every minute
     * @param epoch of the writer, epoch milliseconds
     * @param settlement tells when the markets have come to the end of what was written
     * @param stragglers markets of this node that are left out
     */
    public TopicDelivery(
            RecordWriter writer,
            String topic,
            List<Symbol> symbols,
            MarketSource source,
            long epoch,
            Settlement settlement,
            Stragglers stragglers) {
        this.writer = writer;
        this.topic = topic;
        this.symbols = List.copyOf(symbols);
        this.source = source.key();
        this.epoch = epoch;
        this.settlement = settlement;
        this.stragglers = stragglers;
    }

    @Override
    public void begin(Runnable changed) {
        stragglers.onChange(changed);
    }

    @Override
    public Set<Symbol> leftOut() {
        return stragglers.leftOut();
    }

    @Override
    public int parallelism() {
        return UNDER_WAY;
    }

    @Override
    public CompletionStage<Done> deliver(TradesArrived event) {
        Map<Symbol, List<Trade>> bySymbol = new LinkedHashMap<>();
        event.trades()
                .forEach(trade -> bySymbol.computeIfAbsent(trade.symbol(), symbol -> new ArrayList<>())
                        .add(trade));
        active.addAll(bySymbol.keySet());
        List<MarketRecord> records = new ArrayList<>();
        bySymbol.forEach((symbol, trades) -> pieces(trades, MarketRecordCodec.MOST_TRADES)
                .forEach(piece -> records.add(new MarketRecord.Trades(symbol, piece))));
        return write(records);
    }

    @Override
    public CompletionStage<Done> deliver(MinutePassed event) {
        Map<Symbol, Candle> made = new LinkedHashMap<>();
        event.candles().forEach(candle -> made.put(candle.symbol(), candle));
        active.addAll(made.keySet());
        lastCloseTime = event.closeTime();
        List<MarketRecord> records = new ArrayList<>();
        for (Symbol symbol : symbols) {
            MarketRecord.Minute minute = new MarketRecord.Minute(
                    symbol,
                    event.closeTime(),
                    event.coverage(symbol),
                    event.alive(),
                    event.pace(),
                    Optional.ofNullable(made.get(symbol)));
            records.add(minute);
        }
        return write(records);
    }

    @Override
    public CompletionStage<Done> deliver(CandlesRevised event) {
        List<MarketRecord> records = new ArrayList<>();
        pieces(event.candles(), MarketRecordCodec.MOST_CANDLES)
                .forEach(piece -> records.add(new MarketRecord.Candles(event.symbol(), piece)));
        return write(records);
    }

    @Override
    public CompletionStage<Done> settled() {
        Map<Symbol, Instant> last = new HashMap<>();
        active.forEach(symbol -> last.put(symbol, lastCloseTime));
        return settlement.of(last);
    }

    private CompletionStage<Done> write(List<MarketRecord> records) {
        List<ProducerRecord<String, byte[]>> rows = new ArrayList<>(records.size());
        for (MarketRecord record : records) {
            byte[] value = MarketRecordCodec.encode(new Stamped<>(record, source, epoch));
            rows.add(new ProducerRecord<>(topic, record.symbol().name(), value));
        }
        return writer.write(rows);
    }

    private static <T> List<List<T>> pieces(List<T> whole, int most) {
        List<List<T>> pieces = new ArrayList<>();
        for (int start = 0; start < whole.size(); start += most) {
            pieces.add(whole.subList(start, Math.min(start + most, whole.size())));
        }
        return pieces;
    }
}
