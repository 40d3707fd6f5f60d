package tickcast.model.market;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Epoch-aligned minutes and the one way in which times are written: ISO-8601 UTC with milliseconds. */
public final class Times {

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** {@code 2026-01-05T12:00:00.000Z}. */
    public static String iso(Instant time) {
        return ISO.format(time);
    }

    /** Start of the minute that holds {@code time}. */
    public static Instant minuteOf(Instant time) {
        return time.truncatedTo(ChronoUnit.MINUTES);
    }

    /** Minutes since the epoch. */
    public static long epochMinute(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), 60L);
    }

    /** Start of the given minute since the epoch. */
    public static Instant ofEpochMinute(long minute) {
        return Instant.ofEpochSecond(minute * 60);
    }

    /** The instant of epoch microseconds. */
    public static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /** Epoch microseconds, finer digits cut off. */
    public static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
    }

    /** 00:00 UTC of the day before the day of {@code asOf}: where every recursion that serves that as-of starts. */
    public static Instant recursionStart(Instant asOf) {
        return asOf.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(1));
    }
}
