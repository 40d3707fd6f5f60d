package tickcast.streams.news;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.coding.Coder;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.util.ByteString;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tickcast.model.sentiment.NewsItem;

class FeedReaderTest {

    private static final Instant NOW = Instant.parse("2026-09-26T00:00:00Z");
    private static final int MAX_BYTES = 64 << 10;
    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseString("akka.test.single-expect-default = 20s"));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private FeedServer server;
    private TestSubscriber.Probe<NewsItem> probe;

    @BeforeEach
    void start() {
        server = new FeedServer(KIT.system());
    }

    @AfterEach
    void stop() {
        if (probe != null) {
            probe.cancel();
        }
        server.close();
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    private void read(String... paths) {
        read(Duration.ofSeconds(30), paths);
    }

    private void read(Duration timeout, String... paths) {
        NewsSettings settings = new NewsSettings(
                List.of(paths).stream().map(server::url).toList(),
                Duration.ofMillis(30),
                timeout,
                MAX_BYTES,
                3,
                Duration.ofMillis(120),
                Duration.ofDays(2),
                100);
        probe = new FeedReader(KIT.system(), settings, InstantSource.fixed(NOW), meters)
                .items()
                .runWith(TestSink.create(KIT.system().classicSystem()), KIT.system());
        probe.request(100);
    }

    private static String item(String title) {
        return "<item><title>" + title + "</title><guid>" + title
                + "</guid><pubDate>Fri, 25 Sep 2026 14:41:53 +0000</pubDate></item>";
    }

    private static HttpResponse feed(String... titles) {
        StringBuilder items = new StringBuilder();
        for (String title : titles) {
            items.append(item(title));
        }
        return HttpResponse.create().withEntity(ContentTypes.TEXT_XML_UTF8, FeedParserTest.rss(items.toString()));
    }

    private static HttpResponse status(int status) {
        return HttpResponse.create().withStatus(status);
    }

    private void expect(String... titles) {
        for (String title : titles) {
            assertEquals(title, probe.requestNext().title());
        }
    }

    private double polls(String outcome) {
        return meters.counter("tickcast_news_polls_total", "outcome", outcome).count();
    }

    @Test
    void shouldDeliverEachItemOnce() {
        server.on("/a", feed("one", "two"), feed("one", "two", "three"), feed("two", "three"), feed("four"));
        read("/a");
        expect("one", "two", "three", "four");
        assertTrue(meters.counter("tickcast_news_items_total", "kind", "known").count() >= 4);
        assertEquals(
                4, meters.counter("tickcast_news_items_total", "kind", "new").count());
    }

    @Test
    void shouldAskConditionallyAndTakeNoForAnAnswer() throws InterruptedException {
        HttpResponse first = feed("one")
                .addHeader(RawHeader.create("ETag", "W/\"v1\""))
                .addHeader(RawHeader.create("Last-Modified", "Fri, 25 Sep 2026 14:00:00 GMT"));
        server.on("/a", first, status(304), status(304), feed("two"));
        read("/a");
        expect("one", "two");

        assertEquals("", FeedServer.header(server.request("/a"), "If-None-Match"));
        for (int i = 0; i < 3; i++) {
            HttpRequest conditional = server.request("/a");
            assertEquals("W/\"v1\"", FeedServer.header(conditional, "If-None-Match"));
            assertEquals("Fri, 25 Sep 2026 14:00:00 GMT", FeedServer.header(conditional, "If-Modified-Since"));
        }
        assertEquals("", FeedServer.header(server.request("/a"), "If-None-Match"), "the newest answer had none");
        assertEquals(2, polls("unchanged"));
    }

    @Test
    void shouldGoOnAfterFailuresOfEveryKindWithoutDisturbingOtherFeeds() {
        server.on("/bad", status(500), status(404))
                .on("/bad", feedOf("x".repeat(MAX_BYTES + 1)))
                .on("/bad", feedOf("garbage"), feedOf("<!DOCTYPE a [<!ENTITY b \"c\">]><rss>&b;</rss>"))
                .on("/bad", feed("recovered"))
                .on("/good", feed("good"));
        read("/bad", "/good");
        expect("good", "recovered");
        assertEquals(2, polls("status"));
        assertEquals(1, polls("size"));
        assertEquals(2, polls("format"));
    }

    private static HttpResponse feedOf(String body) {
        return HttpResponse.create().withEntity(ContentTypes.TEXT_XML_UTF8, body);
    }

    @Test
    void shouldNotWaitForAServerThatNeverAnswers() {
        server.on("/a", request -> new CompletableFuture<>()).on("/a", feed("one"));
        read(Duration.ofSeconds(1), "/a");
        expect("one");
        assertTrue(polls("timeout") >= 1);
    }

    @Test
    void shouldNotWaitForABodyThatDrips() {
        HttpResponse dripping = HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.TEXT_XML_UTF8,
                        Source.tick(Duration.ZERO, Duration.ofMillis(50), ByteString.fromString(" "))));
        server.on("/a", dripping, feed("one"));
        read(Duration.ofSeconds(1), "/a");
        expect("one");
        assertTrue(polls("timeout") >= 1);
    }

    @Test
    void shouldNotReadAnEndlessBody() {
        HttpResponse endless = HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.TEXT_XML_UTF8, Source.repeat(ByteString.fromString("<a/>".repeat(1000)))));
        server.on("/a", endless, feed("one"));
        read("/a");
        expect("one");
        assertEquals(1, polls("size"));
    }

    @Test
    void shouldReadGzipAndStopAtItsRealSize() {
        server.on("/a", Coder.Gzip.encodeMessage(feedOf(" ".repeat(50 * MAX_BYTES))))
                .on("/a", Coder.Gzip.encodeMessage(feed("one")));
        read("/a");
        expect("one");
        assertEquals(1, polls("size"));
    }

    @Test
    void shouldFollowRedirectsButNotForEver() {
        server.on("/a", redirect(301, "/b"))
                .on("/b", redirect(302, server.url("/c")))
                .on("/c", feed("moved"))
                .on("/loop", redirect(307, "/loop2"))
                .on("/loop2", redirect(307, "/loop"))
                .on("/nowhere", redirect(302, "ftp://example.test/feed"));
        read("/a", "/loop", "/nowhere");
        expect("moved");
        awaitPolls("redirect", 2);
    }

    private void awaitPolls(String outcome, int count) {
        KIT.createTestProbe().awaitAssert(Duration.ofSeconds(5), () -> {
            assertTrue(polls(outcome) >= count);
            return true;
        });
    }

    private static HttpResponse redirect(int status, String location) {
        return status(status).addHeader(RawHeader.create("Location", location));
    }

    @Test
    void shouldLeaveOldNewsOut() {
        server.on(
                "/a",
                feedOf(FeedParserTest.rss("<item><title>old</title><pubDate>Mon, 21 Sep 2026 14:41:53 +0000"
                        + "</pubDate></item>" + item("new"))));
        read("/a");
        expect("new");
        assertEquals(
                1, meters.counter("tickcast_news_items_total", "kind", "old").count());
    }

    @Test
    void shouldSurviveAServerThatIsNotThere() {
        String gone;
        try (FeedServer closed = new FeedServer(KIT.system())) {
            gone = closed.url("/a");
        }
        server.on("/b", feed("one"));
        NewsSettings settings = NewsSettings.of(List.of(gone, server.url("/b")));
        probe = new FeedReader(KIT.system(), settings, InstantSource.fixed(NOW), meters)
                .items()
                .runWith(TestSink.create(KIT.system().classicSystem()), KIT.system());
        expect("one");
        awaitPolls("connection", 1);
    }

    @Test
    void shouldTellTheFirstFailureOfAKindAndNoMore() {
        Logger logger = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level quiet = logger.getLevel();
        logger.setLevel(Level.INFO);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            String endless = "x".repeat(MAX_BYTES + 1);
            HttpResponse odd = feedOf(endless).addHeader(RawHeader.create("Age", "young"));
            server.on("/a", odd, status(500), odd, status(500), feed("one"));
            read("/a");
            expect("one");
        } finally {
            logger.detachAppender(log);
            logger.setLevel(quiet);
        }
        List<String> told = List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(text -> text.contains("/a "))
                .toList();
        assertEquals(2, told.size(), told.toString());
        List<String> noise = List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(text -> text.contains("pool") || text.contains("header"))
                .toList();
        assertEquals(List.of(), noise);
    }

    @Test
    void shouldStayQuietWithoutFeeds() {
        probe = new FeedReader(KIT.system(), NewsSettings.of(List.of()), InstantSource.fixed(NOW), meters)
                .items()
                .runWith(TestSink.create(KIT.system().classicSystem()), KIT.system());
        probe.ensureSubscription();
        probe.request(1);
        probe.expectNoMessage(scala.concurrent.duration.FiniteDuration.create(100, "ms"));
    }

    @Test
    void shouldRefuseWrongSettings() {
        for (String feed : List.of("ftp://x.test/a", "news", "", "http:///a", "https://a b")) {
            assertThrows(IllegalArgumentException.class, () -> NewsSettings.of(List.of(feed)), feed);
        }
    }
}
