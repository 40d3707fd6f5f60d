package tickcast.model.sentiment;

import java.time.Instant;

/**
 * A headline from a feed.
 *
 * @param id stable across fetches: from the feed's own guid or link
 * @param feed where it was read
 * @param title plain text
 * @param summary plain text, may be empty
 * @param link the article, may be empty
 * @param publishedAt as the feed says, or the fetch time when it does not
 * @param fetchedAt when this system read it
 */
public record NewsItem(
        String id, String feed, String title, String summary, String link, Instant publishedAt, Instant fetchedAt) {}
