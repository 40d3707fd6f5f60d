package tickcast.streams.archive;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/** Candles by symbol and minute: the greatest epoch stays, within one epoch the highest revision. */
final class CandleTable {

    private static final String WRITE = """
            INSERT INTO candles (symbol, minute, open, high, low, close, volume, notional, buy_volume,
              trades, first_trade_id, last_trade_id, quality, revision, known_at, imported, epoch)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (symbol, minute) DO UPDATE SET
              open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
              volume = excluded.volume, notional = excluded.notional, buy_volume = excluded.buy_volume,
              trades = excluded.trades, first_trade_id = excluded.first_trade_id,
              last_trade_id = excluded.last_trade_id, quality = excluded.quality, revision = excluded.revision,
              known_at = excluded.known_at, imported = excluded.imported, epoch = excluded.epoch
            WHERE (excluded.epoch, excluded.revision) > (candles.epoch, candles.revision)
            """;

    private static final String READ = """
            SELECT minute, open, high, low, close, volume, notional, buy_volume, trades, first_trade_id, last_trade_id,
              quality, revision, known_at, imported
            FROM candles WHERE symbol = ? AND minute >= ? AND minute < ?
            """;

    private CandleTable() {}

    static void write(Session session, List<Candle> candles, long epoch) throws SQLException {
        session.updateAll(WRITE, candles, (binder, candle) -> bind(binder, candle, epoch));
    }

    private static void bind(Binder binder, Candle candle, long epoch) throws SQLException {
        binder.text(candle.symbol().name())
                .integer(minute(candle.openTime()))
                .real(candle.open())
                .real(candle.high())
                .real(candle.low())
                .real(candle.close())
                .real(candle.volume())
                .real(candle.notional())
                .real(candle.buyVolume())
                .integer(candle.trades())
                .integer(candle.firstTradeId())
                .integer(candle.lastTradeId())
                .integer(code(candle.quality()))
                .integer(candle.revision())
                .integer(Times.micros(candle.knownAt()))
                .flag(candle.imported())
                .integer(epoch);
    }

    static List<Candle> read(Session session, Symbol symbol, Page page) throws SQLException {
        Range range = Range.minutes(page);
        return range.oldestFirst(session.list(
                READ + range.orderBy("minute"),
                binder -> binder.text(symbol.name()).range(range),
                row -> candle(symbol, row)));
    }

    private static Candle candle(Symbol symbol, Row row) throws SQLException {
        return new Candle(
                symbol,
                Times.ofEpochMinute(row.integer()),
                row.real(),
                row.real(),
                row.real(),
                row.real(),
                row.real(),
                row.real(),
                row.real(),
                (int) row.integer(),
                row.integer(),
                row.integer(),
                quality((int) row.integer()),
                (int) row.integer(),
                Times.ofMicros(row.integer()),
                row.flag());
    }

    private static long minute(Instant openTime) {
        long minute = Times.epochMinute(openTime);
        if (!Times.ofEpochMinute(minute).equals(openTime)) {
            throw new IllegalArgumentException("a candle opens on a minute, not at " + openTime);
        }
        return minute;
    }

    private static int code(Quality quality) {
        return switch (quality) {
            case COMPLETE -> 0;
            case REPAIRED -> 1;
            case PARTIAL -> 2;
            case EMPTY -> 3;
        };
    }

    private static Quality quality(int code) {
        return switch (code) {
            case 0 -> Quality.COMPLETE;
            case 1 -> Quality.REPAIRED;
            case 2 -> Quality.PARTIAL;
            case 3 -> Quality.EMPTY;
            default -> throw new IllegalStateException("no candle quality has the code " + code);
        };
    }
}
