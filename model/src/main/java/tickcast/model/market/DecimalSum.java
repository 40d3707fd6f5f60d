package tickcast.model.market;

import java.math.BigDecimal;

/**
 * Sum of positive decimal numbers in whole units and units of 1e-12, so that neither order nor grouping matters. Each
 * addend is taken as the shortest decimal behind its double: exact up to 8 decimals below 4.5e7 and up to 12 below 4,500;
 * finer digits are rounded away. Saturates at 9.2e18. Adding allocates nothing.
 */
final class DecimalSum {

    private static final int DECIMALS = 12;
    private static final long UNITS_PER_WHOLE = 1_000_000_000_000L;
    /** Doubles below this tell whole numbers, and so decimals scaled to whole numbers, apart. */
    private static final double DISTINCT = 0x1p52;

    private static final double WITHOUT_FRACTION = 1e15;
    private static final long UNITS_PER_HUNDRED_MILLIONTH = 10_000;

    private long whole;
    private long units;

    void add(double value) {
        if (value >= WITHOUT_FRACTION) {
            whole = saturated(whole, (long) value);
            return;
        }
        long scale = UNITS_PER_WHOLE;
        long unit = 1;
        while (value * scale >= DISTINCT) {
            scale /= 10;
            unit *= 10;
        }
        long floor = (long) value;
        units += Math.round((value - floor) * scale) * unit;
        long carry = units / UNITS_PER_WHOLE;
        units -= carry * UNITS_PER_WHOLE;
        whole = saturated(whole, floor + carry);
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The exact sum, rounded once. */
    double value() {
        if (whole < 45_000_000 && units % UNITS_PER_HUNDRED_MILLIONTH == 0) {
            return (whole * 100_000_000 + units / UNITS_PER_HUNDRED_MILLIONTH) / 1e8;
        }
        return BigDecimal.valueOf(whole)
                .add(BigDecimal.valueOf(units, DECIMALS))
                .doubleValue();
    }

    void clear() {
        whole = 0;
        units = 0;
    }
}
