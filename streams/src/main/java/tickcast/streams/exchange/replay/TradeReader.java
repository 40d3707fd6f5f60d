package tickcast.streams.exchange.replay;

import java.nio.file.Path;
import java.util.Optional;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** Trades of a {@code XBTUSD.csv}: time, price, volume. The line number is the id, the taker's side is not known. */
final class TradeReader extends OrderedReader<Trade> {

    private final Symbol symbol;

    TradeReader(Path file, Symbol symbol, Problems problems) {
        super(file, 3, 0, problems);
        this.symbol = symbol;
    }

    @Override
    Optional<Trade> read(LineReader line, long micros) {
        double price = line.number(1);
        double quantity = line.number(2);
        if (!(price > 0)) {
            return complain("price is no positive number");
        }
        if (!(quantity > 0)) {
            return complain("volume is no positive number");
        }
        return Optional.of(new Trade(symbol, line.number(), micros, price, quantity, Side.UNKNOWN));
    }
}
