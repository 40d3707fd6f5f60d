package tickcast.streams.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times of records, written and read by hand: this is the greater part of a candle's decoding otherwise. Years 0000 to
 * 9999, UTC only, to the microsecond as every archive keeps them: finer digits are cut off.
 */
final class RecordTime {

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
    /** yyyy-MM-ddTHH:mm:ss */
    private static final int TO_SECONDS = 19;

    private static final String SHAPE = "dddd-dd-ddTdd:dd:dd";

    private RecordTime() {}

    /** @throws IllegalArgumentException outside of the years 0000 to 9999 */
    static String text(Instant time) {
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new IllegalArgumentException("a record's time lies in the years 0000 to 9999, not at " + time);
        }
        long day = Math.floorDiv(time.getEpochSecond(), 86_400L);
        int second = (int) Math.floorMod(time.getEpochSecond(), 86_400L);
        LocalDate date = LocalDate.ofEpochDay(day);
        StringBuilder text = new StringBuilder(30);
        digits(text, date.getYear(), 4).append('-');
        digits(text, date.getMonthValue(), 2).append('-');
        digits(text, date.getDayOfMonth(), 2).append('T');
        digits(text, second / 3600, 2).append(':');
        digits(text, second / 60 % 60, 2).append(':');
        digits(text, second % 60, 2).append('.');
        int micros = time.getNano() / 1_000;
        if (micros % 1_000 == 0) {
            digits(text, micros / 1_000, 3);
        } else {
            digits(text, micros, 6);
        }
        return text.append('Z').toString();
    }

    private static StringBuilder digits(StringBuilder text, int value, int width) {
        for (int unit = power(width - 1); unit > 0; unit /= 10) {
            text.append((char) ('0' + value / unit % 10));
        }
        return text;
    }

    private static int power(int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    /** @throws DateTimeException when the text is no such time */
    static Instant parse(String text) {
        int end = text.length() - 1;
        boolean shaped = end >= TO_SECONDS && end <= TO_SECONDS + 10 && text.charAt(end) == 'Z';
        for (int i = 0; shaped && i < TO_SECONDS; i++) {
            char wanted = SHAPE.charAt(i);
            shaped = wanted == 'd' ? isDigit(text.charAt(i)) : text.charAt(i) == wanted;
        }
        if (!shaped) {
            throw new DateTimeException("not shaped like 2026-01-05T12:00:00.000Z");
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            throw new DateTimeException("no such time of day");
        }
        LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        long seconds = date.toEpochDay() * 86_400L + hour * 3600L + minute * 60L + second;
        return Instant.ofEpochSecond(seconds, nanos(text, end));
    }

    private static int nanos(String text, int end) {
        if (end == TO_SECONDS) {
            return 0;
        }
        if (text.charAt(TO_SECONDS) != '.' || end == TO_SECONDS + 1) {
            throw new DateTimeException("a fraction of a second is a dot and one to nine digits");
        }
        for (int i = TO_SECONDS + 1; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                throw new DateTimeException("a fraction of a second is a dot and one to nine digits");
            }
        }
        int nanos = number(text, TO_SECONDS + 1, end) * power(TO_SECONDS + 10 - end);
        return nanos - nanos % 1_000;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }
}
