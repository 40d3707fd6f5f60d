package tickcast.streams.exchange.replay;

import java.nio.charset.StandardCharsets;

/** Reads decimal numbers from bytes, to the same double as {@link Double#parseDouble}. */
final class Decimal {

    private static final long EXACT = 1L << 53;
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private Decimal() {}

    /** NaN when the bytes are no finite decimal number. */
    static double parse(byte[] bytes, int from, int to) {
        int i = from < to && bytes[from] == '-' ? from + 1 : from;
        long mantissa = 0;
        int digits = 0;
        int decimals = -1;
        for (; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = mantissa * 10 + digit;
                digits++;
                decimals += decimals >= 0 ? 1 : 0;
            } else if (bytes[i] == '.' && decimals < 0) {
                decimals = 0;
            } else {
                return slowly(bytes, from, to);
            }
            if (digits > 18) {
                return slowly(bytes, from, to);
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        if (mantissa > EXACT) {
            return slowly(bytes, from, to);
        }
        double value = decimals > 0 ? mantissa / POWERS[decimals] : mantissa;
        return bytes[from] == '-' ? -value : value;
    }

    /** Long mantissas and exponents such as {@code 5.1e-05}. */
    private static double slowly(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            boolean decimal = (b >= '0' && b <= '9') || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E';
            if (!decimal) {
                return Double.NaN;
            }
        }
        try {
            double value = Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
            return Double.isInfinite(value) ? Double.NaN : value;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** {@code seconds[.fraction]} in microseconds, finer digits cut off; −1 when the bytes are no such number. */
    static long parseMicros(byte[] bytes, int from, int to) {
        long value = 0;
        int i = from;
        for (; i < to && bytes[i] != '.'; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || i - from >= 12) {
                return -1;
            }
            value = value * 10 + digit;
        }
        if (i == from) {
            return -1;
        }
        int decimals = 0;
        for (i++; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            if (decimals < 6) {
                value = value * 10 + digit;
                decimals++;
            }
        }
        for (; decimals < 6; decimals++) {
            value *= 10;
        }
        return value;
    }
}
