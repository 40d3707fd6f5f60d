package tickcast.streams.news;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tickcast.model.sentiment.NewsItem;

/** What came of asking a feed once. */
sealed interface Poll {

    /** How it is counted. */
    String outcome();

    /**
     * The feed as it is now.
     *
     * @param validators for the next request
     */
    record Changed(List<NewsItem> items, Validators validators) implements Poll {
        @Override
        public String outcome() {
            return "changed";
        }
    }

    /** The feed is as it was. */
    record Unchanged() implements Poll {
        @Override
        public String outcome() {
            return "unchanged";
        }
    }

    /**
     * No feed this time.
     *
     * @param kind one word for counting: {@code status}, {@code timeout}, {@code size}, {@code redirect}, {@code format} or
     *     {@code connection}
     * @param detail for people
     * @param retryAfter what the server asked for
     */
    record Failed(String kind, String detail, Optional<Duration> retryAfter) implements Poll {
        @Override
        public String outcome() {
            return kind;
        }
    }

    /**
     * What a server gave to recognise a version of a feed by.
     *
     * @param etag or empty
     * @param lastModified as the server wrote it, or empty
     */
    record Validators(String etag, String lastModified) {
        static final Validators NONE = new Validators("", "");
    }
}
