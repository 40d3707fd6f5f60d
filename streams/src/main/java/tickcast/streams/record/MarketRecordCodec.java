package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/**
 * The records of {@code tickcast.trades} as JSON and back: three kinds under one codec, because a reader learns only from
 * the record which kind it is. Stateless and thread safe.
 */
public final class MarketRecordCodec {

    /** Trades of one record, at most. */
    public static final int MOST_TRADES = 500;
    /** Candles of one record, at most. */
    public static final int MOST_CANDLES = 500;

    private static final String TRADES = "trades";
    private static final String MINUTE = "minute";
    private static final String CANDLES = "candles";

    private MarketRecordCodec() {}

    /**
     * One record as UTF-8.
     *
     * @throws IllegalArgumentException when it can't be written so that it is read again
     */
    public static byte[] encode(Stamped<? extends MarketRecord> record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = RecordJson.factory().createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("v", RecordCodec.VERSION);
            out.writeStringField("kind", kind(record.fact()));
            out.writeStringField("source", record.source());
            out.writeNumberField("epoch", record.epoch());
            out.writeStringField("symbol", record.fact().symbol().name());
            writeFields(out, record);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a record could not be written", e);
        }
        return bytes.toByteArray();
    }

    private static String kind(MarketRecord record) {
        if (record instanceof MarketRecord.Trades) {
            return TRADES;
        }
        return record instanceof MarketRecord.Minute ? MINUTE : CANDLES;
    }

    private static void writeFields(JsonGenerator out, Stamped<? extends MarketRecord> record) throws IOException {
        MarketRecord fact = record.fact();
        if (fact instanceof MarketRecord.Trades trades) {
            TradeRows.write(out, TRADES, trades.trades());
        } else if (fact instanceof MarketRecord.Minute minute) {
            RecordJson.time(out, "closeTime", minute.closeTime());
            RecordJson.text(out, "coverage", minute.coverage().name());
            out.writeBooleanField("alive", minute.alive());
            RecordJson.text(out, "pace", minute.pace().name());
            if (minute.candle().isPresent()) {
                out.writeFieldName("candle");
                writeCandle(out, minute.candle().get(), record);
            }
        } else if (fact instanceof MarketRecord.Candles candles) {
            out.writeArrayFieldStart(CANDLES);
            for (Candle candle : candles.candles()) {
                writeCandle(out, candle, record);
            }
            out.writeEndArray();
        }
    }

    private static void writeCandle(JsonGenerator out, Candle candle, Stamped<?> record) throws IOException {
        out.writeStartObject();
        RecordCodec.CANDLE.writeFields(out, new Stamped<>(candle, record.source(), record.epoch()));
        out.writeEndObject();
    }

    /** Reads one record that fills the whole array. */
    public static Stamped<MarketRecord> decode(byte[] bytes) throws MalformedRecord {
        try (JsonParser parser = RecordJson.factory().createParser(bytes)) {
            parser.nextToken();
            TradeRows rows = new TradeRows();
            RecordFields in = RecordFields.read(parser, TRADES, rows::take);
            if (parser.nextToken() != null) {
                throw new MalformedRecord("something follows the record");
            }
            in.whole("v", 1, RecordCodec.VERSION);
            String kind = in.word("kind");
            String source = in.word("source");
            long epoch = in.whole("epoch", 0, Long.MAX_VALUE);
            return new Stamped<>(fact(in, kind, source, rows), source, epoch);
        } catch (JsonProcessingException e) {
            throw new MalformedRecord("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedRecord("can't be read: " + e.getMessage(), e);
        }
    }

    private static MarketRecord fact(RecordFields in, String kind, String source, TradeRows rows)
            throws MalformedRecord {
        Symbol symbol = in.symbol("symbol");
        return switch (kind) {
            case TRADES -> new MarketRecord.Trades(symbol, trades(in, symbol, rows));
            case MINUTE -> minute(in, symbol, source);
            case CANDLES -> new MarketRecord.Candles(symbol, candles(in, symbol, source));
            default ->
                throw new MalformedRecord("'kind' must be \"trades\", \"minute\" or \"candles\", was \"" + kind + '"');
        };
    }

    private static List<Trade> trades(RecordFields in, Symbol symbol, TradeRows rows) throws MalformedRecord {
        in.objects(TRADES);
        return rows.trades(symbol);
    }

    private static MarketRecord minute(RecordFields in, Symbol symbol, String source) throws MalformedRecord {
        var closeTime = in.minute("closeTime");
        Coverage coverage = in.oneOf("coverage", Coverage.class);
        boolean alive = in.flag("alive");
        Pace pace = in.oneOf("pace", Pace.class);
        Optional<RecordFields> given = in.objectIfAny("candle");
        Optional<Candle> candle = given.isEmpty() ? Optional.empty() : Optional.of(candle(given.get(), symbol, source));
        if (candle.isPresent() && !candle.get().closeTime().equals(closeTime)) {
            throw new MalformedRecord("'candle' must be of the minute that ends at 'closeTime'");
        }
        return new MarketRecord.Minute(symbol, closeTime, coverage, alive, pace, candle);
    }

    private static List<Candle> candles(RecordFields in, Symbol symbol, String source) throws MalformedRecord {
        List<RecordFields> objects = in.objects(CANDLES);
        if (objects.size() > MOST_CANDLES) {
            throw new MalformedRecord("'candles' must hold at most " + MOST_CANDLES + ", holds " + objects.size());
        }
        List<Candle> candles = new ArrayList<>(objects.size());
        for (RecordFields object : objects) {
            candles.add(candle(object, symbol, source));
        }
        return List.copyOf(candles);
    }

    private static Candle candle(RecordFields in, Symbol symbol, String source) throws MalformedRecord {
        Candle candle = RecordCodec.CANDLE.readFields(in, source);
        if (!candle.symbol().equals(symbol)) {
            throw new MalformedRecord("a record of " + symbol + " can't hold a candle of " + candle.symbol());
        }
        return candle;
    }
}
