package tickcast.streams.news;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How news is read.
 *
 * @param feeds addresses of RSS or Atom feeds, http or https; may be empty
 * @param interval between two polls of a feed; the first wait after a failure, too
 * @param timeout for the head and for the body of one answer
 * @param maxBytes longest answer read, after decompression
 * @param maxRedirects followed per poll
 * @param longestWait between two polls of a feed that keeps failing
 * @param maxAge older items are not news: they are left out
 * @param remembered how many ids are known, so that an item comes once
 */
public record NewsSettings(
        List<String> feeds,
        Duration interval,
        Duration timeout,
        int maxBytes,
        int maxRedirects,
        Duration longestWait,
        Duration maxAge,
        int remembered) {

    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** @throws IllegalArgumentException naming what is wrong and what is allowed */
    public NewsSettings {
        feeds = List.copyOf(feeds);
        feeds.forEach(NewsSettings::requireAddress);
        requirePositive("interval", interval);
        requirePositive("timeout", timeout);
        requirePositive("longest-wait", longestWait);
        requirePositive("max-age", maxAge);
        if (maxBytes < 1024 || maxRedirects < 0 || remembered < 1) {
            throw new IllegalArgumentException("news needs max-bytes of at least 1024, max-redirects of at least 0 and"
                    + " remembered of at least 1, was " + maxBytes + ", " + maxRedirects + ", " + remembered);
        }
    }

    /** A poll a minute, 15 s and 4 MiB an answer, 5 redirects, an hour at most between polls, items of two days. */
    public static NewsSettings of(List<String> feeds) {
        return new NewsSettings(
                feeds,
                Duration.ofMinutes(1),
                Duration.ofSeconds(15),
                4 << 20,
                5,
                Duration.ofHours(1),
                Duration.ofDays(2),
                20_000);
    }

    private static void requireAddress(String feed) {
        try {
            URI address = new URI(feed);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            if (SCHEMES.contains(scheme) && address.getHost() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + feed + "' is no address of a feed: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("'" + feed + "' is no address of a feed; expected http:// or https://");
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("news." + name + " must be positive, was " + value);
        }
    }
}
