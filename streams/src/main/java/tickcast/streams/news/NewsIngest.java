package tickcast.streams.news;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.actors.sentiment.SentimentAnalyst;
import tickcast.actors.sentiment.SentimentAnalyst.Analyse;
import tickcast.actors.sentiment.SentimentAnalyst.Analysed;
import tickcast.model.sentiment.NewsItem;

/**
 * Hands headlines to the {@link SentimentAnalyst} in batches, one batch at a time, each by ask: when scoring is slow, feeds
 * are polled less. A batch with a problem is sent again: as long as it takes when only the archive or the analyst is away;
 * a few times when scoring fails, then it is counted as given up and the next one has its turn.
 */
public final class NewsIngest {

    private static final Logger LOG = LoggerFactory.getLogger(NewsIngest.class);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ActorSystem<?> system;
    private final ActorRef<SentimentAnalyst.Command> analyst;
    private final Settings settings;
    private final MeterRegistry meters;

    /**
     * How headlines are handed over.
     *
     * @param batch most headlines a batch
     * @param linger how long a batch waits for more
     * @param askTimeout for the scores of a batch to be stored
     * @param tries that scoring may fail before a batch is given up
     * @param pause before the second try; doubles, up to a minute
     */
    public record Settings(int batch, Duration linger, Duration askTimeout, int tries, Duration pause) {

        /** Batches of 24 or of a second; 2 minutes each, 6 tries, 2 s pause. */
        public static Settings standard() {
            return new Settings(24, Duration.ofSeconds(1), Duration.ofMinutes(2), 6, Duration.ofSeconds(2));
        }
    }

    public NewsIngest(
            ActorSystem<?> system,
            ActorRef<SentimentAnalyst.Command> analyst,
            Settings settings,
            MeterRegistry meters) {
        this.system = system;
        this.analyst = analyst;
        this.settings = settings;
        this.meters = meters;
    }

    /** From headlines to stored scores. The switch ends it; the stage completes when it has ended. */
    public RunnableGraph<Pair<UniqueKillSwitch, CompletionStage<Done>>> graph(Source<NewsItem, ?> items) {
        return items.viaMat(KillSwitches.single(), Keep.right())
                .groupedWithin(settings.batch(), settings.linger())
                .mapAsync(1, this::analyse)
                .toMat(Sink.ignore(), Keep.both());
    }

    /** Has one batch scored, as patiently as the settings say. Completes when the scores are stored, or scoring is given up. */
    public CompletionStage<Done> analyse(List<NewsItem> batch) {
        return analyse(batch, 1, 0);
    }

    /** @param attempt this one's number @param failures how often scoring has failed before */
    private CompletionStage<Done> analyse(List<NewsItem> batch, int attempt, int failures) {
        return AskPattern.<SentimentAnalyst.Command, Analysed>ask(
                        analyst, replyTo -> new Analyse(batch, replyTo), settings.askTimeout(), system.scheduler())
                .exceptionally(failure -> new Analysed(0, String.valueOf(failure.getMessage()), false))
                .thenCompose(analysed -> settle(batch, attempt, failures, analysed));
    }

    private CompletionStage<Done> settle(List<NewsItem> batch, int attempt, int failuresBefore, Analysed analysed) {
        count("scored", analysed.scored());
        if (analysed.problem().isEmpty()) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        int failures = failuresBefore + (analysed.unscorable() ? 1 : 0);
        if (failures >= settings.tries()) {
            LOG.warn("Gave up scoring {} headlines after {} tries: {}", batch.size(), attempt, analysed.problem());
            count("given-up", batch.size());
            return CompletableFuture.completedStage(Done.getInstance());
        }
        if (attempt == settings.tries()) {
            LOG.warn("Headlines wait to be scored: {}", analysed.problem());
        } else {
            LOG.debug("Try {} to score {} headlines failed: {}", attempt, batch.size(), analysed.problem());
        }
        return Patterns.after(pauseAfter(attempt), system, () -> analyse(batch, attempt + 1, failures));
    }

    private Duration pauseAfter(int attempt) {
        Duration doubled = settings.pause().multipliedBy(1L << Math.min(attempt - 1, 10));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void count(String result, int headlines) {
        meters.counter("tickcast_news_analyses_total", "result", result).increment(headlines);
    }
}
