package tickcast.http.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/** Reads from the archive, as messages, what a client missed. Thread safe. */
final class History {

    private static final int LONGEST_CHUNK = 128;

    private final Archive archive;
    private final PushMessages messages;
    private final Duration resumable;
    /** Read at a time: what one resuming client may hold in memory. */
    private final int chunk;

    History(Archive archive, PushMessages messages, ApiSettings.Push settings) {
        this.archive = archive;
        this.messages = messages;
        this.resumable = settings.resumable();
        this.chunk = Math.min(LONGEST_CHUNK, settings.bufferedMessages());
    }

    /** @param complete whether nothing newer was stored when it was read */
    record Chunk(List<PushMessage> messages, boolean complete) {}

    /** How a client that knows everything up to {@code since} goes on. */
    enum Resumption {
        NOTHING_MISSED,
        ONE_BY_ONE,
        BY_SNAPSHOT
    }

    /**
     * What came after {@code since} is sent one by one if it is near enough to the newest message, or to the present where
     * none is known. Another node may know more than was heard here, so only a time to come means that nothing was missed.
     *
     * @param newest seq of the newest message, 0 = none is known
     */
    Resumption resumption(Subject subject, long since, long newest, Instant now) {
        Channel channel = subject.channel();
        if (channel == Channel.STATUS) {
            return since == newest ? Resumption.NOTHING_MISSED : Resumption.BY_SNAPSHOT;
        }
        long present = channel.countsMinutes() ? Times.epochMinute(now) : now.toEpochMilli();
        if (since >= Math.max(newest, present)) {
            return Resumption.NOTHING_MISSED;
        }
        long end = newest > 0 ? newest : present;
        long distance = channel.countsMinutes() ? resumable.toMinutes() : resumable.toMillis();
        return end - since <= distance ? Resumption.ONE_BY_ONE : Resumption.BY_SNAPSHOT;
    }

    /** The oldest messages with a higher seq. */
    CompletionStage<Chunk> after(Subject subject, long since) {
        return after(subject, since, chunk);
    }

    private CompletionStage<Chunk> after(Subject subject, long since, int limit) {
        Page page = Page.forward(timeAfter(subject.channel(), since), Instant.MAX, limit);
        return switch (subject.channel()) {
            case CANDLES ->
                archive.candles(Symbol.parse(subject.symbol()), page)
                        .thenApply(found ->
                                new Chunk(found.stream().map(messages::candle).toList(), found.size() < limit));
            case PREDICTIONS ->
                archive.predictions(Symbol.parse(subject.symbol()), page)
                        .thenApply(found -> new Chunk(
                                found.stream().map(messages::prediction).toList(), found.size() < limit));
            case ERRORS ->
                archive.errors(Symbol.parse(subject.symbol()), page)
                        .thenApply(found ->
                                new Chunk(found.stream().map(messages::error).toList(), found.size() < limit));
            case SENTIMENT ->
                archive.sentiment(subject.symbol(), page).thenCompose(found -> headlines(subject, since, limit, found));
            case STATUS -> throw new IllegalArgumentException("the status has no history");
        };
    }

    /** Headlines of one millisecond make one message, so a chunk must not end amid one. */
    private CompletionStage<Chunk> headlines(Subject subject, long since, int limit, List<Sentiment> found) {
        Map<Long, List<Sentiment>> byMillis = new LinkedHashMap<>();
        found.forEach(item -> byMillis.computeIfAbsent(PushMessages.seq(item), millis -> new ArrayList<>())
                .add(item));
        boolean complete = found.size() < limit;
        if (!complete && byMillis.size() == 1) {
            return after(subject, since, limit * 2);
        }
        List<PushMessage> all = new ArrayList<>(
                byMillis.values().stream().map(messages::sentiment).toList());
        if (!complete) {
            all.remove(all.size() - 1);
        }
        return java.util.concurrent.CompletableFuture.completedFuture(new Chunk(all, complete));
    }

    private static Instant timeAfter(Channel channel, long since) {
        return channel.countsMinutes() ? Times.ofEpochMinute(since + 1) : Instant.ofEpochMilli(since + 1);
    }
}
