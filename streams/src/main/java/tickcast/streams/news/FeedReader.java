package tickcast.streams.news;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.sentiment.NewsItem;

/**
 * Reads RSS and Atom feeds, each at its own pace: a feed that fails is asked less and less often and never disturbs the
 * others. An item comes once, by its id; items older than {@link NewsSettings#maxAge} never come.
 *
 * <p>Counts {@code tickcast_news_polls_total} by outcome and {@code tickcast_news_items_total} by kind. One reader is
 * enough for a cluster.
 */
public final class FeedReader {

    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final int MOST_DOUBLINGS = 20;

    private final ActorSystem<?> system;
    private final NewsSettings settings;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final FeedClient client;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public FeedReader(ActorSystem<?> system, NewsSettings settings, InstantSource clock, MeterRegistry meters) {
        this.system = system;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.client = new FeedClient(system, settings, clock);
    }

    /** Where the reading of one feed stands. */
    private record State(Poll.Validators validators, int failures, Duration pause) {}

    /** New items of all feeds as they appear, oldest first within a poll. Never ends; polls only on demand. */
    public Source<NewsItem, NotUsed> items() {
        if (settings.feeds().isEmpty()) {
            return Source.maybe()
                    .mapMaterializedValue(never -> NotUsed.getInstance())
                    .map(NewsItem.class::cast);
        }
        return Source.from(settings.feeds())
                .flatMapMerge(settings.feeds().size(), this::follow)
                .via(onlyNew());
    }

    /** One feed for ever. */
    private Source<NewsItem, NotUsed> follow(String feed) {
        return Source.unfoldAsync(
                        new State(Poll.Validators.NONE, 0, Duration.ZERO),
                        state -> poll(feed, state)
                                .thenApply(poll -> Optional.of(Pair.create(next(feed, state, poll), itemsOf(poll)))))
                .mapConcat(items -> items);
    }

    private CompletionStage<Poll> poll(String feed, State state) {
        Callable<CompletionStage<Poll>> ask = () -> client.poll(feed, state.validators());
        return Patterns.after(state.pause(), system, ask);
    }

    private State next(String feed, State before, Poll poll) {
        count("tickcast_news_polls_total", "outcome", poll.outcome(), 1);
        if (poll instanceof Poll.Failed failed) {
            int failures = before.failures() + 1;
            Duration wait = waitAfter(failures, failed.retryAfter());
            logFailure(feed, failures, failed, wait);
            return new State(before.validators(), failures, wait);
        }
        if (before.failures() > 0) {
            LOG.debug("News feed {} answers again after {} failures", feed, before.failures());
        }
        Poll.Validators validators = poll instanceof Poll.Changed changed ? changed.validators() : before.validators();
        return new State(validators, 0, settings.interval());
    }

    /** The first of each kind of each feed is told; the counter has the rest. */
    private void logFailure(String feed, int failures, Poll.Failed failed, Duration wait) {
        if (told.add(feed + " " + failed.kind())) {
            LOG.info("News feed {} failed: {} ({}); next try in {}", feed, failed.kind(), failed.detail(), wait);
        } else {
            LOG.debug("News feed {} failed {} times: {} ({})", feed, failures, failed.kind(), failed.detail());
        }
    }

    /** The interval, doubled with each failure, at least what the server asked for, at most the longest wait. */
    private Duration waitAfter(int failures, Optional<Duration> retryAfter) {
        Duration longest = settings.longestWait();
        Duration wait = settings.interval();
        for (int i = 1; i < Math.min(failures, MOST_DOUBLINGS) && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        Duration asked = retryAfter.orElse(Duration.ZERO);
        Duration chosen = asked.compareTo(wait) > 0 ? asked : wait;
        return chosen.compareTo(longest) > 0 ? longest : chosen;
    }

    private static List<NewsItem> itemsOf(Poll poll) {
        if (!(poll instanceof Poll.Changed changed)) {
            return List.of();
        }
        return changed.items().stream()
                .sorted(Comparator.comparing(NewsItem::publishedAt))
                .toList();
    }

    /** Drops what was seen before or is too old, and counts. */
    private Flow<NewsItem, NewsItem, NotUsed> onlyNew() {
        return Flow.of(NewsItem.class).statefulMapConcat(() -> {
            Set<String> seen = bounded(settings.remembered());
            return item -> {
                boolean old = item.publishedAt().isBefore(clock.instant().minus(settings.maxAge()));
                String kind = !seen.add(item.id()) ? "known" : old ? "old" : "new";
                count("tickcast_news_items_total", "kind", kind, 1);
                return kind.equals("new") ? List.of(item) : List.of();
            };
        });
    }

    /** A set that forgets what was not met for longest. */
    private static Set<String> bounded(int most) {
        Map<String, Boolean> map = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        };
        return Collections.newSetFromMap(map);
    }

    private void count(String name, String tag, String value, int number) {
        meters.counter(name, tag, value).increment(number);
    }
}
