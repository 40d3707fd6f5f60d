package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;

/** Candles: prices are always known, everything else may be null. */
final class CandleCodec extends RecordCodec<Candle> {

    CandleCodec() {
        super("candle");
    }

    @Override
    protected void writeFields(JsonGenerator out, Stamped<? extends Candle> record) throws IOException {
        Candle candle = record.fact();
        check(candle);
        RecordJson.text(out, "symbol", candle.symbol().name());
        RecordJson.time(out, "openTime", candle.openTime());
        RecordJson.time(out, "closeTime", candle.closeTime());
        RecordJson.number(out, "open", candle.open());
        RecordJson.number(out, "high", candle.high());
        RecordJson.number(out, "low", candle.low());
        RecordJson.number(out, "close", candle.close());
        RecordJson.number(out, "volume", candle.volume());
        RecordJson.number(out, "notional", candle.notional());
        RecordJson.number(out, "buyVolume", candle.buyVolume());
        RecordJson.count(out, "trades", candle.trades());
        RecordJson.count(out, "firstTradeId", candle.firstTradeId());
        RecordJson.count(out, "lastTradeId", candle.lastTradeId());
        RecordJson.text(out, "quality", candle.quality().name());
        out.writeNumberField("revision", candle.revision());
        RecordJson.time(out, "knownAt", candle.knownAt());
        out.writeBooleanField("imported", candle.imported());
    }

    private static void check(Candle candle) {
        boolean priced = Double.isFinite(candle.open())
                && Double.isFinite(candle.high())
                && Double.isFinite(candle.low())
                && Double.isFinite(candle.close());
        require(priced, "a candle has four prices, not " + candle);
        boolean onMinute = candle.openTime().getNano() == 0
                && Math.floorMod(candle.openTime().getEpochSecond(), 60L) == 0;
        require(onMinute, "a candle opens on a minute, not at " + candle.openTime());
        require(candle.revision() >= 0, "a candle's revision is at least 0, not " + candle.revision());
    }

    @Override
    protected Candle readFields(RecordFields in, String source) throws MalformedRecord {
        return new Candle(
                in.symbol("symbol"),
                in.minute("openTime"),
                in.number("open"),
                in.number("high"),
                in.number("low"),
                in.number("close"),
                in.numberOrNaN("volume"),
                in.numberOrNaN("notional"),
                in.numberOrNaN("buyVolume"),
                (int) in.countOrUnknown("trades", Integer.MAX_VALUE),
                in.countOrUnknown("firstTradeId", Long.MAX_VALUE),
                in.countOrUnknown("lastTradeId", Long.MAX_VALUE),
                in.oneOf("quality", Quality.class),
                (int) in.whole("revision", 0, Integer.MAX_VALUE),
                in.time("knownAt"),
                in.flag("imported"));
    }
}
