package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import tickcast.model.sentiment.NewsItem;

/** Headlines that wait to be scored: the records of {@code tickcast.news}. Stateless and thread safe. */
public final class NewsCodec extends RecordCodec<NewsItem> {

    /** The one there is. */
    public static final NewsCodec NEWS = new NewsCodec();

    private static final int LONGEST_TITLE = 2_000;
    private static final int LONGEST_SUMMARY = 20_000;

    private NewsCodec() {
        super("news");
    }

    @Override
    protected void writeFields(JsonGenerator out, Stamped<? extends NewsItem> record) throws IOException {
        NewsItem item = record.fact();
        require(!item.id().isEmpty() && !item.title().isEmpty(), "a headline has an id and a title");
        RecordJson.text(out, "id", item.id());
        RecordJson.text(out, "feed", item.feed());
        RecordJson.text(out, "title", shortened(item.title(), LONGEST_TITLE));
        RecordJson.text(out, "summary", shortened(item.summary(), LONGEST_SUMMARY));
        RecordJson.text(out, "link", item.link());
        RecordJson.time(out, "publishedAt", item.publishedAt());
        RecordJson.time(out, "fetchedAt", item.fetchedAt());
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    @Override
    protected NewsItem readFields(RecordFields in, String source) throws MalformedRecord {
        return new NewsItem(
                in.word("id"),
                in.text("feed"),
                notLonger(in.word("title"), "title", LONGEST_TITLE),
                notLonger(in.text("summary"), "summary", LONGEST_SUMMARY),
                in.text("link"),
                in.time("publishedAt"),
                in.time("fetchedAt"));
    }

    private static String notLonger(String text, String name, int longest) throws MalformedRecord {
        if (text.length() > longest) {
            throw new MalformedRecord(
                    "'" + name + "' must have at most " + longest + " characters, has " + text.length());
        }
        return text;
    }
}
