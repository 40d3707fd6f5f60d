package tickcast.streams.exchange.simulated;

import java.util.Map;
import java.util.Set;
import tickcast.model.market.Symbol;

/**
 * The character of one simulated symbol.
 *
 * @param symbol the pair
 * @param price what its price reverts to over months, quote asset
 * @param decimals of its prices; the tick is the last one
 * @param volatility standard deviation of a usual minute's log return
 * @param tradesPerMinute in a usual minute
 * @param quietShare share of minutes in which next to nobody trades
 * @param marketShare share of its variance that the whole market has in common, 0–1
 * @param medianQuantity of a trade, base asset
 */
record Instrument(
        Symbol symbol,
        double price,
        int decimals,
        double volatility,
        double tradesPerMinute,
        double quietShare,
        double marketShare,
        double medianQuantity) {

    private static final Set<String> MONEY = Set.of("USD", "USDT", "USDC", "EUR", "GBP", "CAD", "CHF", "AUD");
    private static final double MEDIAN_NOTIONAL = 250;

    private record Coin(double price, int decimals, double volatility, double tradesPerMinute, double marketShare) {}

    private static final Map<String, Coin> COINS = Map.of(
            "BTC", new Coin(60_000, 1, 6.0e-4, 24, 0.75),
            "ETH", new Coin(3_000, 2, 7.5e-4, 18, 0.70),
            "SOL", new Coin(150, 2, 1.0e-3, 14, 0.60),
            "XRP", new Coin(2, 5, 9.0e-4, 12, 0.55));

    static Instrument of(Symbol symbol) {
        Coin coin = MONEY.contains(symbol.quote()) && COINS.containsKey(symbol.base())
                ? COINS.get(symbol.base())
                : drawn(symbol);
        double quietShare = Math.min(0.2, 0.25 / coin.tradesPerMinute());
        return new Instrument(
                symbol,
                coin.price(),
                coin.decimals(),
                coin.volatility(),
                coin.tradesPerMinute(),
                quietShare,
                coin.marketShare(),
                MEDIAN_NOTIONAL / coin.price());
    }

    /** A coin that we have no picture of gets one from its name. */
    private static Coin drawn(Symbol symbol) {
        Noise noise = new Noise();
        noise.seek(Noise.key(0, symbol.name()), 0);
        double magnitude = -1.5 + 4 * noise.uniform();
        double price = StrictMath.pow(10, magnitude);
        int decimals = 4 - (int) Math.floor(magnitude);
        double volatility = 8e-4 + 7e-4 * noise.uniform();
        double tradesPerMinute = 1.5 + 8 * noise.uniform() * noise.uniform();
        return new Coin(price, decimals, volatility, tradesPerMinute, 0.3 + 0.25 * noise.uniform());
    }
}
