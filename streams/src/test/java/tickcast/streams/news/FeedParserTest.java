package tickcast.streams.news;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rometools.rome.io.FeedException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.sentiment.NewsItem;

class FeedParserTest {

    private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
    private static final String FEED = "https://news.test/rss";

    static List<NewsItem> parse(String text) throws FeedException {
        return FeedParser.parse(FEED, text.getBytes(StandardCharsets.UTF_8), "application/rss+xml", NOW);
    }

    static String rss(String items) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>t</title>"
                + "<link>https://news.test</link><description>d</description>" + items + "</channel></rss>";
    }

    private static NewsItem only(String item) throws FeedException {
        List<NewsItem> items = parse(rss("<item>" + item + "</item>"));
        assertEquals(1, items.size());
        return items.get(0);
    }

    @Test
    void shouldReadEveryRealFeed() throws IOException, FeedException {
        Path folder = Path.of(System.getProperty("tickcast.root", "..")).resolve("../shared/data/news/rss");
        Assumptions.assumeTrue(Files.isDirectory(folder), "shared data is absent: news/rss");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                List<NewsItem> items = FeedParser.parse(FEED, Files.readAllBytes(file), "", NOW);
                assertEquals(Integer.parseInt(name.replaceAll(".*_(\\d+)items\\.xml", "$1")), items.size(), name);
                for (NewsItem item : items) {
                    assertTrue(item.title().length() > 10 && item.link().startsWith("https://"), item::toString);
                    assertTrue(item.summary().length() > 20 && item.summary().indexOf('<') < 0, item::toString);
                    assertTrue(item.publishedAt().isBefore(NOW), item::toString);
                    assertEquals(NOW, item.fetchedAt());
                }
            }
        }
    }

    @Test
    void shouldReadAtom() throws FeedException {
        List<NewsItem> items = parse("""
                <feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>x</id><updated>2026-09-30T00:00:00Z</updated>
                <entry><title type="html">Ether &amp;amp; co &lt;b&gt;rally&lt;/b&gt;</title><id>urn:1</id>
                <link href="https://news.test/1"/><updated>2026-09-30T10:00:00Z</updated>
                <summary>All up.</summary></entry></feed>""");
        assertEquals(1, items.size());
        assertEquals("Ether & co rally", items.get(0).title());
        assertEquals("All up.", items.get(0).summary());
        assertEquals(FEED + "#urn:1", items.get(0).id());
        assertEquals(Instant.parse("2026-09-30T10:00:00Z"), items.get(0).publishedAt());
    }

    @Test
    void shouldKeepIdsStableAndBounded() throws FeedException {
        assertEquals(
                "https://news.test/a",
                only("<title>x</title><guid>https://news.test/a</guid>").id());
        assertEquals(
                "https://news.test/b",
                only("<title>x</title><link>https://news.test/b</link>").id());
        assertEquals(FEED + "#x", only("<title>x</title>").id());
        String a = only("<title>x</title><guid>" + "a".repeat(900) + "1</guid>").id();
        String b = only("<title>x</title><guid>" + "a".repeat(900) + "2</guid>").id();
        assertEquals(300, a.length());
        assertNotEquals(a, b);
    }

    @Test
    void shouldStripMarkupAndWhatIsInvisible() throws FeedException {
        NewsItem item = only("<title>&lt;i&gt;Bitcoin&lt;/i&gt;&#x202E; up\n\n 5% &amp;lt;3</title>"
                + "<description>&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;Body&lt;/p&gt;</description>");
        assertEquals("Bitcoin up 5% <3", item.title());
        assertEquals("Body", item.summary());
    }

    @Test
    void shouldCutLongTexts() throws FeedException {
        NewsItem item = only(
                "<title>" + "long ".repeat(1000) + "</title><description>" + "x".repeat(300_000) + "</description>");
        assertTrue(item.title().length() <= 500);
        assertEquals(2000, item.summary().length());
    }

    @Test
    void shouldKeepOnlyWebLinks() throws FeedException {
        assertEquals(
                "", only("<title>x</title><link>javascript:alert(1)</link>").link());
        assertEquals(
                "HTTPS://news.test/a",
                only("<title>x</title><link>HTTPS://news.test/a</link>").link());
    }

    @Test
    void shouldDateWhatHasNoDateOrOneFromTheFuture() throws FeedException {
        assertEquals(NOW, only("<title>x</title>").publishedAt());
        assertEquals(NOW, only("<title>x</title><pubDate>what?</pubDate>").publishedAt());
        assertEquals(
                NOW,
                only("<title>x</title><pubDate>Fri, 25 Sep 2099 14:41:53 +0000</pubDate>")
                        .publishedAt());
        assertEquals(
                Instant.parse("2026-09-25T14:41:53Z"),
                only("<title>x</title><pubDate>Fri, 25 Sep 2026 14:41:53 +0000</pubDate>")
                        .publishedAt());
    }

    @Test
    void shouldLeaveOutItemsWithoutATitle() throws FeedException {
        assertEquals(
                1,
                parse(rss("<item><description>d</description></item><item><title>x</title></item>"))
                        .size());
        assertEquals(List.of(), parse(rss("")));
    }

    @Test
    void shouldReadWhatServersReallySend() throws FeedException {
        byte[] latin = rss("<item><title>Münze</title></item>")
                .replace("UTF-8", "ISO-8859-1")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("Münze", FeedParser.parse(FEED, latin, "", NOW).get(0).title());
        byte[] marked = ("\uFEFF" + rss("<item><title>Münze</title></item>")).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "Münze", FeedParser.parse(FEED, marked, "text/xml", NOW).get(0).title());
        byte[] windows = rss("<item><title>It’s</title></item>")
                .replace(" encoding=\"UTF-8\"", "")
                .getBytes(Charset.forName("windows-1252"));
        assertEquals(
                "It’s",
                FeedParser.parse(FEED, windows, "application/xml; charset=windows-1252", NOW)
                        .get(0)
                        .title());
        assertEquals(1, parse("\n\n  " + rss("<item><title>x</title></item>")).size());
    }

    @Test
    void shouldRefuseExternalEntities(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        for (String doctype : List.of(
                "<!DOCTYPE rss [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>",
                "<!DOCTYPE rss [<!ENTITY % p SYSTEM \"" + secret.toUri() + "\"> %p;]>",
                "<!DOCTYPE rss SYSTEM \"" + secret.toUri() + "\">")) {
            String body = rss("<item><title>&e;</title></item>").replaceFirst("\\?>", "?>" + doctype);
            FeedException refused = assertThrows(FeedException.class, () -> parse(body));
            assertFalse(refused.getMessage().contains("secret\""), refused.getMessage());
        }
    }

    @Test
    void shouldRefuseABillionLaughs() {
        StringBuilder entities = new StringBuilder("<!DOCTYPE rss [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            entities.append("<!ENTITY a").append(i).append(" \"");
            entities.append(("&a" + (i - 1) + ";").repeat(10)).append("\">");
        }
        String body = rss("<item><title>&a29;</title></item>").replaceFirst("\\?>", "?>" + entities + "]>");
        assertTimeout(Duration.ofSeconds(2), () -> assertThrows(FeedException.class, () -> parse(body)));
    }

    @Test
    void shouldRefuseBottomlessNesting() {
        String deep = rss("<item><title>x</title><description>" + "<a>".repeat(200_000));
        assertThrows(FeedException.class, () -> parse(deep));
        String closed = rss("<item><title>x</title>" + "<a>".repeat(50_000) + "</a>".repeat(50_000) + "</item>");
        assertThrows(FeedException.class, () -> parse(closed));
    }

    @Test
    void shouldSurviveNestedHtml() throws FeedException {
        NewsItem item = only("<title>x</title><description>" + "&lt;div&gt;".repeat(8_000) + "deep</description>");
        assertTrue(item.summary().length() <= 2000);
    }

    @Test
    void shouldRefuseWhatIsNoFeed() {
        for (String text : List.of(
                "",
                "   ",
                "no xml",
                "<html><body>blocked</body></html>",
                "{\"a\":1}",
                "<rss",
                "\u0000\u0001",
                "<rss version=\"2.0\"><channel><item><title>x</title></item>")) {
            assertThrows(FeedException.class, () -> parse(text), text);
        }
    }
}
