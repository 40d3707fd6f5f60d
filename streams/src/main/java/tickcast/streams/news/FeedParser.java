package tickcast.streams.news;

import com.rometools.rome.feed.synd.SyndContent;
import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.io.FeedException;
import com.rometools.rome.io.SyndFeedInput;
import com.rometools.rome.io.XmlReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdom2.Document;
import org.jdom2.JDOMException;
import org.jsoup.Jsoup;
import tickcast.model.sentiment.NewsItem;

/**
 * Turns an RSS or Atom document into headlines. What the document holds is not trusted: no DTD, no entities, bounded
 * depth; texts are stripped of markup and control characters and cut, links other than http and https are dropped.
 */
final class FeedParser {

    private static final int LONGEST_TITLE = 500;
    private static final int LONGEST_SUMMARY = 2_000;
    private static final int LONGEST_LINK = 2_000;
    private static final int LONGEST_ID = 300;
    private static final int MOST_MARKUP = 100_000;
    private static final int MOST_ITEMS = 1_000;
    /** A feed's clock may be this much ahead; what claims a later time is dated when it was read. */
    private static final Duration AHEAD = Duration.ofHours(1);

    private FeedParser() {}

    /**
     * @param contentType of the answer, for its charset; may be empty
     * @return at most 1,000 items with a title, in the document's order
     * @throws FeedException when the bytes are no feed, or one that is not safe to read
     */
    static List<NewsItem> parse(String feed, byte[] bytes, String contentType, Instant fetchedAt) throws FeedException {
        List<NewsItem> items = new ArrayList<>();
        for (SyndEntry entry : entries(document(bytes, contentType))) {
            if (items.size() == MOST_ITEMS) {
                break;
            }
            item(feed, entry, fetchedAt).ifPresent(items::add);
        }
        return items;
    }

    private static List<SyndEntry> entries(Document document) throws FeedException {
        try {
            return new SyndFeedInput().build(document).getEntries();
        } catch (IllegalArgumentException e) {
            throw new FeedException("XML, but no feed: " + e.getMessage(), e);
        }
    }

    private static Document document(byte[] bytes, String contentType) throws FeedException {
        int start = 0;
        while (start < bytes.length && Character.isWhitespace(bytes[start])) {
            start++;
        }
        ByteArrayInputStream trimmed = new ByteArrayInputStream(bytes, start, bytes.length - start);
        try (Reader reader =
                contentType.isEmpty() ? new XmlReader(trimmed) : new XmlReader(trimmed, contentType, true)) {
            return SafeXml.builder().build(reader);
        } catch (IOException | JDOMException e) {
            throw new FeedException("no readable XML: " + e.getMessage(), e);
        }
    }

    private static Optional<NewsItem> item(String feed, SyndEntry entry, Instant fetchedAt) {
        String title = plain(content(entry.getTitleEx(), entry.getTitle()), LONGEST_TITLE);
        if (title.isEmpty()) {
            return Optional.empty();
        }
        String link = link(entry);
        return Optional.of(new NewsItem(
                id(feed, entry, link, title),
                feed,
                title,
                plain(summary(entry), LONGEST_SUMMARY),
                link,
                publishedAt(entry, fetchedAt),
                fetchedAt));
    }

    private static String content(SyndContent content, String otherwise) {
        return content != null && content.getValue() != null ? content.getValue() : orEmpty(otherwise);
    }

    private static String summary(SyndEntry entry) {
        Stream<SyndContent> described = Stream.ofNullable(entry.getDescription());
        return Stream.concat(described, entry.getContents().stream())
                .map(SyndContent::getValue)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse("");
    }

    /** An address is an id for everybody, so that an article in two feeds is one; anything else only within its feed. */
    private static String id(String feed, SyndEntry entry, String link, String title) {
        String guid = orEmpty(entry.getUri()).strip();
        String id = !guid.isEmpty() ? guid : !link.isEmpty() ? link : title;
        String own = isAddress(id) ? id : feed + "#" + id;
        return own.length() <= LONGEST_ID ? own : own.substring(0, LONGEST_ID - 17) + "~" + Digest.of(own);
    }

    private static String link(SyndEntry entry) {
        String link = orEmpty(entry.getLink()).strip();
        return isAddress(link) && link.length() <= LONGEST_LINK ? link : "";
    }

    private static boolean isAddress(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    private static Instant publishedAt(SyndEntry entry, Instant fetchedAt) {
        Date date = entry.getPublishedDate() != null ? entry.getPublishedDate() : entry.getUpdatedDate();
        if (date == null) {
            return fetchedAt;
        }
        Instant published = date.toInstant();
        return published.isAfter(fetchedAt.plus(AHEAD)) ? fetchedAt : published;
    }

    /** Without markup, control and direction characters, white space single, cut at a length. */
    private static String plain(String markup, int longest) {
        String read = markup.length() > MOST_MARKUP ? markup.substring(0, MOST_MARKUP) : markup;
        StringBuilder text = new StringBuilder();
        Jsoup.parse(read).text().codePoints().limit(longest).forEach(c -> text.appendCodePoint(harmless(c) ? c : ' '));
        return text.toString().replaceAll("\\s+", " ").strip();
    }

    private static boolean harmless(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.PRIVATE_USE;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
