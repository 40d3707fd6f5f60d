package tickcast.streams.news;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.japi.Pair;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.sentiment.SentimentAnalyst;
import tickcast.actors.sentiment.SentimentAnalyst.Analyse;
import tickcast.actors.sentiment.SentimentAnalyst.Analysed;
import tickcast.model.sentiment.NewsItem;

class NewsIngestTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TestProbe<SentimentAnalyst.Command> analyst = KIT.createTestProbe();

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    private Pair<UniqueKillSwitch, CompletionStage<Done>> run(
            Source<NewsItem, ?> items, int tries, Duration askTimeout) {
        NewsIngest.Settings settings =
                new NewsIngest.Settings(2, Duration.ofMillis(50), askTimeout, tries, Duration.ofMillis(10));
        return new NewsIngest(KIT.system(), analyst.ref(), settings, meters)
                .graph(items)
                .run(KIT.system());
    }

    private static Source<NewsItem, ?> items(int count) {
        List<NewsItem> items = IntStream.range(0, count)
                .mapToObj(i -> new NewsItem("n" + i, "feed", "title " + i, "", "", Instant.EPOCH, Instant.EPOCH))
                .toList();
        return Source.from(items);
    }

    private List<String> answer(Analysed answer) {
        Analyse ask = analyst.expectMessageClass(Analyse.class);
        ask.replyTo().tell(answer);
        return ask.items().stream().map(NewsItem::id).toList();
    }

    private double count(String result) {
        return meters.counter("tickcast_news_analyses_total", "result", result).count();
    }

    @Test
    void shouldHandOverBatchesOneAtATime() {
        CompletionStage<Done> done = run(items(5), 3, LONG).second();
        Analyse first = analyst.expectMessageClass(Analyse.class);
        analyst.expectNoMessage(Duration.ofMillis(100));
        first.replyTo().tell(new Analysed(2, "", false));
        assertEquals(List.of("n2", "n3"), answer(new Analysed(1, "", false)));
        assertEquals(List.of("n4"), answer(new Analysed(1, "", false)));
        done.toCompletableFuture().join();
        assertEquals(4, count("scored"));
    }

    @Test
    void shouldSendABatchWithAProblemAgain() {
        CompletionStage<Done> done = run(items(2), 3, LONG).second();
        assertEquals(List.of("n0", "n1"), answer(new Analysed(1, "scorer is away", true)));
        assertEquals(List.of("n0", "n1"), answer(new Analysed(1, "", false)));
        done.toCompletableFuture().join();
        assertEquals(2, count("scored"));
        assertEquals(0, count("given-up"));
    }

    @Test
    void shouldGiveUpAfterSomeTriesAndGoOn() {
        CompletionStage<Done> done = run(items(3), 2, LONG).second();
        assertEquals(List.of("n0", "n1"), answer(new Analysed(0, "scorer is away", true)));
        assertEquals(List.of("n0", "n1"), answer(new Analysed(0, "scorer is away", true)));
        assertEquals(List.of("n2"), answer(new Analysed(1, "", false)));
        done.toCompletableFuture().join();
        assertEquals(2, count("given-up"));
    }

    @Test
    void shouldNeverGiveUpWhileOnlyTheArchiveOrTheAnalystIsAway() {
        CompletionStage<Done> done = run(items(2), 2, Duration.ofMillis(100)).second();
        for (int i = 0; i < 4; i++) {
            assertEquals(List.of("n0", "n1"), answer(new Analysed(0, "the archive is away", false)));
            analyst.expectMessageClass(Analyse.class); // never answered
        }
        assertEquals(List.of("n0", "n1"), answer(new Analysed(0, "the scorer fails once", true)));
        assertEquals(List.of("n0", "n1"), answer(new Analysed(2, "", false)));
        done.toCompletableFuture().join();
        assertEquals(0, count("given-up"));
        assertEquals(2, count("scored"));
    }

    @Test
    void shouldEndWhenSwitchedOff() {
        Pair<UniqueKillSwitch, CompletionStage<Done>> running = run(Source.maybe(), 2, LONG);
        running.first().shutdown();
        running.second().toCompletableFuture().join();
    }
}
