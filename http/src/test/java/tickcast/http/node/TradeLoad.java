package tickcast.http.node;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Pace;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.kafka.RecordWriter;
import tickcast.streams.record.MarketRecord;
import tickcast.streams.record.MarketRecordCodec;
import tickcast.streams.record.Stamped;

/** Records for the trades topic as a feed writes them: many trades of many symbols, minute after minute. Single-threaded. */
final class TradeLoad {

    private static final int MOST_UNDER_WAY = 16;

    private final List<Symbol> symbols;
    private final int tradesPerSymbol;
    private final int tradesPerRecord;
    private final MarketSource source;
    private final String topic;
    private final Random random = new Random(7);
    private final Deque<CompletionStage<?>> underWay = new ArrayDeque<>();
    private Instant openTime;
    private long nextId = 1;

    /**
     * @param tradesPerSymbol a minute
     * @param tradesPerRecord at most {@link MarketRecordCodec#MOST_TRADES}
     */
    TradeLoad(int symbols, int tradesPerSymbol, int tradesPerRecord, MarketSource source, String topic, Instant start) {
        this.symbols = IntStream.range(0, symbols)
                .mapToObj(i -> Symbol.parse("C" + i + "/USD"))
                .toList();
        this.tradesPerSymbol = tradesPerSymbol;
        this.tradesPerRecord = tradesPerRecord;
        this.source = source;
        this.topic = topic;
        this.openTime = start;
    }

    List<Symbol> symbols() {
        return symbols;
    }

    /** Trades of a minute, all symbols together. */
    int tradesPerMinute() {
        return symbols.size() * tradesPerSymbol;
    }

    /** Writes the next minute; waits while much is under way. Returns the minute's end. */
    Instant writeMinute(RecordWriter writer) {
        for (int from = 0; from < tradesPerSymbol; from += tradesPerRecord) {
            List<ProducerRecord<String, byte[]>> rows = new ArrayList<>();
            for (Symbol symbol : symbols) {
                rows.add(row(new MarketRecord.Trades(symbol, trades(symbol, from))));
            }
            send(writer, rows);
        }
        nextId += tradesPerSymbol;
        openTime = openTime.plus(Candle.INTERVAL);
        List<ProducerRecord<String, byte[]>> ends = new ArrayList<>();
        for (Symbol symbol : symbols) {
            ends.add(row(new MarketRecord.Minute(symbol, openTime, Coverage.SEEN, true, Pace.EVENT, Optional.empty())));
        }
        send(writer, ends);
        return openTime;
    }

    private List<Trade> trades(Symbol symbol, int from) {
        int to = Math.min(tradesPerSymbol, from + tradesPerRecord);
        List<Trade> trades = new ArrayList<>(to - from);
        long start = Times.micros(openTime);
        for (int i = from; i < to; i++) {
            trades.add(new Trade(
                    symbol,
                    nextId + i,
                    start + i * 60_000_000L / tradesPerSymbol,
                    (10_000 + random.nextInt(1000)) / 100.0,
                    (1 + random.nextInt(100_000_000)) / 1e8,
                    random.nextBoolean() ? Side.BUY : Side.SELL));
        }
        return trades;
    }

    private ProducerRecord<String, byte[]> row(MarketRecord fact) {
        return new ProducerRecord<>(
                topic, fact.symbol().name(), MarketRecordCodec.encode(new Stamped<>(fact, source.key(), 1)));
    }

    private void send(RecordWriter writer, List<ProducerRecord<String, byte[]>> rows) {
        underWay.add(writer.write(rows));
        while (underWay.size() > MOST_UNDER_WAY) {
            underWay.remove().toCompletableFuture().join();
        }
    }

    /** Until Kafka has everything. */
    void flush() {
        underWay.forEach(stage -> stage.toCompletableFuture().join());
        underWay.clear();
    }
}
