package tickcast.streams.exchange;

import java.time.Instant;
import tickcast.actors.topic.FeedState;

/**
 * What a feed is doing.
 *
 * @param detail one plain sentence
 * @param since when it began to
 */
public record FeedStatus(FeedState state, String detail, Instant since) {}
