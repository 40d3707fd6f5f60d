package tickcast.http.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tickcast.model.archive.Page;

/**
 * Where a list goes on. Items may share a time, so a position is a millisecond and how many of its items have been
 * handed out.
 *
 * @param forward to newer ones, or else to older ones
 * @param atMillis the millisecond, epoch
 * @param done items of that millisecond already handed out
 * @param toMillis end of the whole list, exclusive; only forward
 */
record Cursor(boolean forward, long atMillis, int done, long toMillis) {

    /** Fewer than 10,000 items share a millisecond: whoever makes a cursor up can't have more read than that. */
    private static final Pattern FORM = Pattern.compile("([FB])([0-9]{1,15}):([0-9]{1,4}):([0-9]{1,15})");

    private static final long END = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli() + 1000;

    static Cursor forward(Instant from, Optional<Instant> to) {
        return new Cursor(
                true, from.toEpochMilli(), 0, to.map(Instant::toEpochMilli).orElse(END));
    }

    static Cursor backward(Optional<Instant> to) {
        return new Cursor(false, to.map(end -> end.toEpochMilli() - 1).orElse(END), 0, 0);
    }

    static Cursor parse(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1);
            Matcher matcher = FORM.matcher(plain);
            if (matcher.matches()) {
                return new Cursor(
                        matcher.group(1).equals("F"),
                        Math.min(Long.parseLong(matcher.group(2)), END),
                        Integer.parseInt(matcher.group(3)),
                        Math.min(Long.parseLong(matcher.group(4)), END));
            }
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static Problem wrong(String text) {
        return Problem.parameter("cursor", text, "the 'next' of an earlier answer, as it was given");
    }

    String text() {
        String plain = (forward ? "F" : "B") + atMillis + ":" + done + ":" + toMillis;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What to read for {@code limit} items: those handed out already, and one more to see whether there are more. */
    Page page(int limit) {
        int read = limit + done + 1;
        return forward
                ? Page.forward(Instant.ofEpochMilli(atMillis), Instant.ofEpochMilli(toMillis), read)
                : Page.backward(Instant.MIN, Instant.ofEpochMilli(atMillis + 1), read);
    }

    /** A page of a list, oldest first, and where it goes on. */
    record Cut<T>(List<T> items, Optional<Cursor> next) {}

    /** Takes from what {@link #page} brought the items that are due. */
    <T> Cut<T> cut(List<T> read, int limit, Function<T, Instant> timeOf) {
        int skipped = Math.min(done, read.size());
        int left = read.size() - skipped;
        boolean more = left > limit;
        int count = Math.min(left, limit);
        int start = forward ? skipped : read.size() - skipped - count;
        List<T> items = read.subList(start, start + count);
        return new Cut<>(items, more ? Optional.of(after(items, timeOf)) : Optional.empty());
    }

    private <T> Cursor after(List<T> items, Function<T, Instant> timeOf) {
        T last = forward ? items.get(items.size() - 1) : items.get(0);
        long millis = timeOf.apply(last).toEpochMilli();
        int same = (int) items.stream()
                .filter(item -> timeOf.apply(item).toEpochMilli() == millis)
                .count();
        return new Cursor(forward, millis, millis == atMillis ? done + same : same, toMillis);
    }
}
