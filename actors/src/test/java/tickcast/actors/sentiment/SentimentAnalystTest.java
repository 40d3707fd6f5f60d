package tickcast.actors.sentiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static tickcast.actors.Scenes.BTC;
import static tickcast.actors.Scenes.ETH;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.actors.Protocol;
import tickcast.actors.Scenes;
import tickcast.actors.market.Market;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Page;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.NewsItem;
import tickcast.model.sentiment.Sentiment;
import tickcast.model.sentiment.SentimentScorer;

class SentimentAnalystTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.local());
    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");
    private static final SentimentAnalyst.Settings SETTINGS =
            new SentimentAnalyst.Settings(2, Scenes.QUICK, Scenes.QUICK, Duration.ofDays(7), 100, 4);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private final MemoryArchive archive = new MemoryArchive();
    private final TestProbe<Published> published = KIT.createTestProbe();
    private final TestProbe<SentimentAnalyst.Analysed> answers = KIT.createTestProbe();
    private final TestProbe<Market.Command> btc = KIT.createTestProbe();
    private final TestProbe<Market.Command> eth = KIT.createTestProbe();
    private final ActorRef<Topic.Command<Published>> topic = Scenes.topic(KIT);
    /** The clock goes on by a second whenever somebody looks at it. */
    private final AtomicInteger looks = new AtomicInteger();

    private final CountingScorer scorer = new CountingScorer();
    private ActorRef<SentimentAnalyst.Command> analyst = spawn();

    SentimentAnalystTest() {
        Topics.subscribe(topic, published.getRef());
    }

    private ActorRef<SentimentAnalyst.Command> spawn() {
        return KIT.spawn(SentimentAnalyst.create(SETTINGS, partners()));
    }

    private SentimentAnalyst.Partners partners() {
        return new SentimentAnalyst.Partners(
                scorer,
                archive,
                Set.of(BTC, ETH),
                symbol -> symbol.equals(BTC) ? btc.getRef() : eth.getRef(),
                topic,
                () -> NOW.plusSeconds(looks.getAndIncrement()));
    }

    /** Finds Bitcoin good, fails as often as told. */
    private static final class CountingScorer implements SentimentScorer {
        private final AtomicInteger scored = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public List<Score> score(List<NewsItem> items, Set<Symbol> symbols) {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new ScoringException("out of order", null);
            }
            scored.addAndGet(items.size());
            return items.stream()
                    .map(item -> new Score(
                            new Opinion(0.1, 0.5),
                            item.title().contains("Bitcoin") ? Map.of(BTC, new Opinion(0.9, 0.8)) : Map.of(),
                            "because"))
                    .toList();
        }
    }

    private static NewsItem news(String id, String title) {
        return new NewsItem(id, "feed", title, "", "https://example.org/" + id, NOW.minusSeconds(60), NOW);
    }

    private SentimentAnalyst.Analysed analyse(NewsItem... items) {
        analyst.tell(new SentimentAnalyst.Analyse(List.of(items), answers.getRef()));
        return answers.receiveMessage();
    }

    private List<Sentiment> stored(String symbol) {
        return archive.sentiment(symbol, Page.all(Instant.MIN, Instant.MAX))
                .toCompletableFuture()
                .join();
    }

    @Test
    void shouldStoreThenTellTheMarketsAndTheTopic() {
        assertEquals(new SentimentAnalyst.Analysed(1, "", false), analyse(news("a", "Bitcoin up")));

        Sentiment market = stored(Sentiment.MARKET_WIDE).get(0);
        Sentiment own = stored(BTC.name()).get(0);
        assertEquals(NOW.plusSeconds(1), own.knownAt());
        assertEquals(0.9, own.score());
        assertEquals(new Market.HearSentiment(List.of(market, own)), btc.receiveMessage());
        assertEquals(new Market.HearSentiment(List.of(market)), eth.receiveMessage());
        assertEquals(new Published.SentimentScored(market), published.receiveMessage());
        assertEquals(new Published.SentimentScored(own), published.receiveMessage());
    }

    @Test
    void shouldScoreAHeadlineOnceAlsoAcrossARestart() {
        assertEquals(2, analyse(news("a", "x"), news("b", "y"), news("a", "x")).scored());
        assertEquals(1, analyse(news("b", "y"), news("c", "z")).scored());
        KIT.stop(analyst);
        analyst = spawn();

        assertEquals(1, analyse(news("a", "x"), news("c", "z"), news("d", "w")).scored());
        assertEquals(4, scorer.scored.get());
        assertEquals(4, stored(Sentiment.MARKET_WIDE).size());
    }

    @Test
    void shouldScoreMoreThanABatchHolds() {
        NewsItem[] items =
                IntStream.range(0, 7).mapToObj(i -> news("n" + i, "title")).toArray(NewsItem[]::new);

        assertEquals(7, analyse(items).scored());
    }

    @Test
    void shouldTryABatchAgain() {
        scorer.failures.set(2);

        assertEquals(new SentimentAnalyst.Analysed(1, "", false), analyse(news("a", "x")));
    }

    @Test
    void shouldDateNewsByTheAttemptThatStoredThem() {
        analyse(news("a", "x"));
        looks.set(10);
        archive.failNext(1);
        analyse(news("b", "y"));

        assertEquals(NOW.plusSeconds(11), stored(Sentiment.MARKET_WIDE).get(1).knownAt());
    }

    @Test
    void shouldSayWhyABatchWasNotScoredAndTakeItAgainLater() {
        scorer.failures.set(4);

        assertEquals(
                new SentimentAnalyst.Analysed(1, "out of order", true),
                analyse(news("a", "x"), news("b", "y"), news("c", "z")));
        assertEquals(2, analyse(news("a", "x"), news("b", "y"), news("c", "z")).scored());
    }

    @Test
    void shouldSayWhenTheArchiveIsDown() {
        archive.failNext(Integer.MAX_VALUE);

        SentimentAnalyst.Analysed refused = analyse(news("a", "x"));
        assertEquals(0, refused.scored());
        assertFalse(refused.problem().isEmpty());
        assertFalse(refused.unscorable());

        archive.failNext(0);
        assertEquals(1, analyse(news("a", "x")).scored());

        archive.failNext(Integer.MAX_VALUE);
        SentimentAnalyst.Analysed unstored = analyse(news("b", "y"));
        assertFalse(unstored.problem().isEmpty());
        assertFalse(unstored.unscorable());
        archive.failNext(0);
    }

    @Test
    void shouldRefuseWhatExceedsItsRoomToWait() {
        archive.hold();
        Stream.of("a", "b", "c", "d", "e", "f")
                .forEach(
                        id -> analyst.tell(new SentimentAnalyst.Analyse(List.of(news(id, "title")), answers.getRef())));

        assertEquals(0, answers.receiveMessage().scored());
        archive.release();
        for (int i = 0; i < 5; i++) {
            assertEquals(1, answers.receiveMessage().scored());
        }
    }

    @Test
    void shouldHandleEveryCommandWhileScoring() {
        archive.hold();
        assertEquals(
                List.of(),
                Protocol.unhandled(
                        KIT,
                        SentimentAnalyst.Command.class,
                        () -> SentimentAnalyst.create(SETTINGS, partners()),
                        actor -> actor.tell(new SentimentAnalyst.Analyse(List.of(), answers.getRef()))));
    }
}
