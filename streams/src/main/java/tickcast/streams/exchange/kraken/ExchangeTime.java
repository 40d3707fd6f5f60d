package tickcast.streams.exchange.kraken;

import java.math.BigDecimal;

/** Reads the exchange's two ways of writing a time into epoch microseconds; finer digits are cut off. */
final class ExchangeTime {

    /** No time, or none that can be read. */
    static final long UNKNOWN = Long.MIN_VALUE;

    static final long MINUTE = 60_000_000L;

    private static final BigDecimal LARGEST_SECONDS = BigDecimal.valueOf(253_402_300_800L);

    private ExchangeTime() {}

    /** Start of the minute that holds the given time, in microseconds. */
    static long minuteOf(long micros) {
        return Math.floorDiv(micros, MINUTE) * MINUTE;
    }

    /** Reads {@code 2026-03-15T11:26:23.023215Z}, with zero to nine digits of a second; anything else is UNKNOWN. */
    static long ofIso(char[] text, int offset, int length) {
        if (length < 20 || !isShapedLikeIso(text, offset, length)) {
            return UNKNOWN;
        }
        int year = digits(text, offset, 4);
        int month = digits(text, offset + 5, 2);
        int day = digits(text, offset + 8, 2);
        int hour = digits(text, offset + 11, 2);
        int minute = digits(text, offset + 14, 2);
        int second = digits(text, offset + 17, 2);
        long fraction = fraction(text, offset + 19, offset + length - 1);
        if ((year | month | day | hour | minute | second | fraction) < 0
                || month < 1
                || month > 12
                || day < 1
                || day > 31
                || hour > 23
                || minute > 59
                || second > 60) {
            return UNKNOWN;
        }
        long seconds = ((epochDay(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
        return seconds * 1_000_000L + fraction;
    }

    /** Reads decimal seconds since the epoch, {@code 1790359840.9392912}; anything else is UNKNOWN. */
    static long ofSeconds(String text) {
        try {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.signum() < 0 || seconds.compareTo(LARGEST_SECONDS) >= 0) {
                return UNKNOWN;
            }
            return seconds.movePointRight(6).longValue();
        } catch (NumberFormatException noNumber) {
            return UNKNOWN;
        }
    }

    private static boolean isShapedLikeIso(char[] text, int offset, int length) {
        return text[offset + 4] == '-'
                && text[offset + 7] == '-'
                && text[offset + 10] == 'T'
                && text[offset + 13] == ':'
                && text[offset + 16] == ':'
                && text[offset + length - 1] == 'Z';
    }

    private static int digits(char[] text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static long fraction(char[] text, int from, int end) {
        if (from == end) {
            return 0;
        }
        if (text[from] != '.' || end == from + 1 || end > from + 10) {
            return -1;
        }
        long micros = 0;
        for (int i = 0; i < 6; i++) {
            int at = from + 1 + i;
            int digit = at < end ? text[at] - '0' : 0;
            if (digit < 0 || digit > 9) {
                return -1;
            }
            micros = micros * 10 + digit;
        }
        return micros;
    }

    /** Days since 1970-01-01 in the Gregorian calendar. Howard Hinnant, "chrono-compatible low-level date algorithms". */
    private static long epochDay(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468L;
    }
}
