package tickcast.model.market;

/**
 * One trade as the exchange reported it.
 *
 * @param symbol the pair
 * @param id the exchange's sequence number, unique per symbol; a file without ids gives its line number
 * @param timeMicros exchange time in epoch microseconds; finer digits are cut off, so that every channel of one exchange
 *     gives one trade the same time
 * @param price in the quote asset, positive
 * @param quantity in the base asset, positive
 * @param side the taker's side
 */
public record Trade(Symbol symbol, long id, long timeMicros, double price, double quantity, Side side) {

    public Trade {
        if (!(price > 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("price must be positive, was " + price);
        }
        if (!(quantity > 0 && quantity < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("quantity must be positive, was " + quantity);
        }
    }
}
