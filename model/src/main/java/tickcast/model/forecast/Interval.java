package tickcast.model.forecast;

/**
 * Prices between which the target price lies with probability {@code coverage} (0–1).
 */
public record Interval(double coverage, double low, double high) {

    /** Whether {@code price} lies inside, bounds included. */
    public boolean contains(double price) {
        return price >= low && price <= high;
    }
}
