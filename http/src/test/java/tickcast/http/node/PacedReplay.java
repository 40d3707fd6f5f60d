package tickcast.http.node;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.exchange.replay.ReplayFeed;

/**
 * A recording of which a minute ends every so many milliseconds, and a clock for each prediction: from the instant at which
 * the feed says that the minute is over until the prediction is stored and told to the cluster. Before one of its minutes
 * it waits for leave. Thread safe.
 */
final class PacedReplay implements TradeFeed {

    private final TradeFeed replay;
    private final Duration period;
    private final Instant barrier;
    private final CompletableFuture<Void> leave = new CompletableFuture<>();
    private final Map<Instant, Long> told = new ConcurrentHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private volatile Instant newest = Instant.MIN;
    private long next = System.nanoTime();

    /** @param toldAt by {@link System#nanoTime} */
    private record Sample(long toldAt, long nanos) {}

    /** @param barrier minutes that end later wait until {@link #passTheBarrier}; then those before it hurry */
    PacedReplay(HistoryFiles files, List<Symbol> symbols, Duration period, Instant barrier) {
        this.replay = new ReplayFeed(files, symbols, 0, InstantSource.system());
        this.period = period;
        this.barrier = barrier;
    }

    @Override
    public MarketSource source() {
        return replay.source();
    }

    @Override
    public List<Symbol> symbols() {
        return replay.symbols();
    }

    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        return replay.prepare(archive);
    }

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        return replay.events(from).mapAsync(1, this::whenDue).map(this::tell);
    }

    private CompletionStage<FeedEvent> whenDue(FeedEvent event) {
        if (!(event instanceof FeedEvent.MinutePassed passed)) {
            return CompletableFuture.completedStage(event);
        }
        boolean beyond = passed.closeTime().isAfter(barrier);
        CompletionStage<Void> allowed = beyond ? leave : CompletableFuture.completedStage(null);
        return allowed.thenCompose(free -> {
            long now = System.nanoTime();
            next = leave.isDone() && !beyond ? now : Math.max(now, next + period.toNanos());
            return new CompletableFuture<FeedEvent>().completeOnTimeout(event, next - now, TimeUnit.NANOSECONDS);
        });
    }

    private FeedEvent tell(FeedEvent event) {
        if (event instanceof FeedEvent.MinutePassed passed) {
            told.putIfAbsent(passed.closeTime(), System.nanoTime());
            newest = passed.closeTime();
        }
        return event;
    }

    void passTheBarrier() {
        leave.complete(null);
    }

    boolean hasLeave() {
        return leave.isDone();
    }

    /** End of the newest minute that was told. */
    Instant newest() {
        return newest;
    }

    /** What the node publishes goes here. */
    void hear(Published event) {
        if (event instanceof Published.PredictionMade made) {
            long now = System.nanoTime();
            Long toldAt = told.get(made.prediction().asOf());
            synchronized (samples) {
                samples.add(new Sample(toldAt, now - toldAt));
            }
        }
    }

    /** Of the minutes told in {@code [from, to)} by {@link System#nanoTime}, in milliseconds. */
    Latencies latencies(long from, long to) {
        synchronized (samples) {
            return new Latencies(samples.stream()
                    .filter(sample -> sample.toldAt() >= from && sample.toldAt() < to)
                    .mapToDouble(sample -> sample.nanos() / 1e6)
                    .sorted()
                    .toArray());
        }
    }

    /** @param millis lowest first */
    record Latencies(double[] millis) {

        int count() {
            return millis.length;
        }

        /** @param share 0.5 = the median */
        double quantile(double share) {
            return millis.length == 0 ? Double.NaN : millis[(int) Math.min(millis.length - 1, share * millis.length)];
        }

        Latencies with(Latencies other) {
            double[] all = Arrays.copyOf(millis, millis.length + other.millis.length);
            System.arraycopy(other.millis, 0, all, millis.length, other.millis.length);
            Arrays.sort(all);
            return new Latencies(all);
        }
    }
}
