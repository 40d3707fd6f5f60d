package tickcast.streams.kafka;

import akka.kafka.ConsumerMessage.CommittableMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.MarketRecord;
import tickcast.streams.record.MarketRecordCodec;
import tickcast.streams.record.Stamped;

/** Decides what a record of the trades topic is worth. Thread safe. */
final class TradesReader {

    /** Clocks of venues and nodes may differ by so much. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final String source;
    private final Set<Symbol> symbols;
    private final InstantSource clock;

    TradesReader(MarketSource source, Set<Symbol> symbols, InstantSource clock) {
        this.source = source.key();
        this.symbols = Set.copyOf(symbols);
        this.clock = clock;
    }

    Reading read(CommittableMessage<String, byte[]> message) {
        ConsumerRecord<String, byte[]> row = message.record();
        try {
            if (row.value() == null) {
                return new Reading.Bad(message, "the record has no value");
            }
            Stamped<MarketRecord> record = MarketRecordCodec.decode(row.value());
            if (!record.source().equals(source)) {
                return new Reading.Foreign(row.offset(), message.committableOffset());
            }
            check(row.key(), record.fact());
            return new Reading.Usable(row.offset(), message.committableOffset(), record.fact());
        } catch (MalformedRecord e) {
            return new Reading.Bad(message, e.getMessage());
        }
    }

    /** The trades of a good record of this source; records of other kinds, and bad ones, are somebody else's business. */
    Optional<MarketRecord.Trades> tradesOf(ConsumerRecord<String, byte[]> row) {
        try {
            if (row.value() == null) {
                return Optional.empty();
            }
            Stamped<MarketRecord> record = MarketRecordCodec.decode(row.value());
            if (!record.source().equals(source) || !(record.fact() instanceof MarketRecord.Trades trades)) {
                return Optional.empty();
            }
            check(row.key(), trades);
            return Optional.of(trades);
        } catch (MalformedRecord rejectedWhereItIsIngested) {
            return Optional.empty();
        }
    }

    private void check(String key, MarketRecord fact) throws MalformedRecord {
        Symbol symbol = fact.symbol();
        if (!symbols.contains(symbol)) {
            throw new MalformedRecord("the symbol " + symbol + " is not followed here");
        }
        if (!symbol.name().equals(key)) {
            throw new MalformedRecord("the key must be \"" + symbol + "\", as the symbol, was "
                    + (key == null ? "absent" : '"' + key + '"'));
        }
        Instant latest = clock.instant().plus(AHEAD);
        if (fact instanceof MarketRecord.Trades trades) {
            checkTimes(trades, Times.micros(latest));
        } else if (fact instanceof MarketRecord.Minute minute
                && minute.closeTime().isAfter(latest)) {
            throw new MalformedRecord("'closeTime' lies in the future: " + minute.closeTime());
        } else if (fact instanceof MarketRecord.Candles candles) {
            for (Candle candle : candles.candles()) {
                checkCandle(candle, latest);
            }
        }
    }

    private static void checkCandle(Candle candle, Instant latest) throws MalformedRecord {
        if (candle.closeTime().isAfter(latest)) {
            throw new MalformedRecord("a candle's 'closeTime' lies in the future: " + candle.closeTime());
        }
        boolean ordered = candle.low() > 0
                && candle.low() <= Math.min(candle.open(), candle.close())
                && candle.high() >= Math.max(candle.open(), candle.close());
        if (!ordered) {
            throw new MalformedRecord(
                    "the candle of " + candle.openTime() + " must have 0 < 'low' <= 'open', 'close' <= 'high'");
        }
        if (!(candle.volume() >= 0) || candle.notional() < 0 || candle.buyVolume() < 0) {
            throw new MalformedRecord("the candle of " + candle.openTime()
                    + " must have a 'volume' of at least 0, and no 'notional' or 'buyVolume' below 0");
        }
    }

    private static void checkTimes(MarketRecord.Trades trades, long latestMicros) throws MalformedRecord {
        for (Trade trade : trades.trades()) {
            if (trade.timeMicros() > latestMicros) {
                throw new MalformedRecord("trade " + trade.id() + " lies in the future: 'timeMicros' "
                        + trade.timeMicros() + " is " + Times.ofMicros(trade.timeMicros()));
            }
        }
    }
}
