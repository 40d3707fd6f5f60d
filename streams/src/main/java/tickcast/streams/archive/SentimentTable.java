package tickcast.streams.archive;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import tickcast.model.archive.Page;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/** Scored news by news id, symbol and scorer: the first stays. */
final class SentimentTable {

    private static final String WRITE = """
            INSERT INTO sentiment (news_id, symbol, scorer, score, confidence, reason, title, link, published_at, known_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    private static final String READ = """
            SELECT news_id, symbol, score, confidence, scorer, reason, title, link, published_at, known_at
            FROM sentiment WHERE symbol = ? AND known_at >= ? AND known_at < ?
            """;

    private SentimentTable() {}

    static void write(Session session, List<Sentiment> scored) throws SQLException {
        for (Sentiment sentiment : scored) {
            session.update(
                    WRITE,
                    binder -> binder.text(sentiment.newsId())
                            .text(sentiment.symbol())
                            .text(sentiment.scorer())
                            .real(sentiment.score())
                            .real(sentiment.confidence())
                            .text(sentiment.reason())
                            .text(sentiment.title())
                            .text(sentiment.link())
                            .integer(sentiment.publishedAt().toEpochMilli())
                            .integer(Times.micros(sentiment.knownAt())));
        }
    }

    static List<Sentiment> read(Session session, String symbol, Page page) throws SQLException {
        Range range = Range.micros(page);
        return range.oldestFirst(session.list(
                READ + range.orderBy("known_at", "news_id", "scorer"),
                binder -> binder.text(symbol).range(range),
                row -> new Sentiment(
                        row.text(),
                        row.text(),
                        row.real(),
                        row.real(),
                        row.text(),
                        row.text(),
                        row.text(),
                        row.text(),
                        Instant.ofEpochMilli(row.integer()),
                        Times.ofMicros(row.integer()))));
    }
}
