package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.ArchiveContract.await;
import static tickcast.streams.archive.RandomErrors.assertSame;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.ETH;
import static tickcast.streams.archive.Records.minute;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.Sandbox;
import tickcast.streams.record.RecordCodec;
import tickcast.streams.record.Stamped;

/** What the server adds up is what the errors add up to. */
class ElasticsearchTotalsTest {

    private static final List<Symbol> BOTH = List.of(BTC, ETH);

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private ElasticsearchArchive archive;

    @BeforeEach
    void open() {
        sandbox = Sandbox.inSharedServer("totals");
        archive = open(sandbox, MarketSource.KRAKEN);
        archive.awaitReady(Duration.ofSeconds(60));
    }

    private ElasticsearchArchive open(Sandbox sandbox, MarketSource source) {
        return ElasticsearchArchive.open(
                sandbox.settings(), source, DeadLetterFile.below(directory, source), new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        archive.close();
        sandbox.close();
    }

    private ErrorTotals byReading(Instant from, Instant to) {
        return await(Archive.addUp(BOTH, symbol -> archive.allErrors(symbol, Page.all(from, to))));
    }

    @Test
    void shouldAddUpMoreMinutesThanOneAnswerHolds() {
        List<PredictionError> errors = new RandomErrors().of(BOTH, -900, 900);
        await(archive.writeErrors(errors));

        Instant from = minute(-800).plusSeconds(7);
        Instant to = minute(850).minusSeconds(3);
        ErrorTotals totals = await(archive.errorTotals(BOTH, from, to));

        assertSame(byReading(from, to), totals);
        assertSame(ErrorTotals.of(errors), await(archive.errorTotals(BOTH, Instant.MIN, Instant.MAX)));
        Scoreboard read = Scoreboard.of(errors, from, to);
        Scoreboard added = Scoreboard.ofSums(totals.sums(), from, to);
        assertEquals(read.overall().skill(), added.overall().skill(), 1e-9);
        assertEquals(read.overall().skillLow(), added.overall().skillLow(), 1e-9);
        assertEquals(read.byModel().size(), added.byModel().size());
    }

    @Test
    void shouldReadWhatWasWrittenBeforeDocumentsSaidWhatTheyAdd() {
        List<PredictionError> errors = new RandomErrors().of(BOTH, 0, 60);
        await(archive.writeErrors(errors.subList(1, errors.size())));
        PredictionError old = errors.get(0);
        sandbox.ask(
                "POST",
                "/totals-errors-2026.01/_doc/old?refresh=true",
                new String(
                        RecordCodec.ERROR.encode(new Stamped<>(old, MarketSource.KRAKEN.key(), 0)),
                        StandardCharsets.UTF_8));

        assertSame(ErrorTotals.of(errors), await(archive.errorTotals(BOTH, minute(0), minute(100))));
    }

    @Test
    void shouldAddUpInAnIndexThatWasMadeBefore() throws IOException {
        try (Sandbox earlier = Sandbox.inSharedServer("earlier")) {
            ObjectNode mapping = (ObjectNode)
                    new ObjectMapper().readTree(ElasticsearchArchive.class.getResourceAsStream("errors.json"));
            ((ObjectNode) mapping.get("properties")).remove("tally");
            earlier.ask("PUT", "/earlier-errors-2026.01", "{\"mappings\":" + mapping + "}");
            List<PredictionError> errors = new RandomErrors().of(BOTH, 0, 20);
            try (ElasticsearchArchive late = open(earlier, MarketSource.KRAKEN)) {
                late.awaitReady(Duration.ofSeconds(60));
                await(late.writeErrors(errors));
                assertSame(ErrorTotals.of(errors), await(late.errorTotals(BOTH, minute(0), minute(100))));
            }
            assertTrue(earlier.ask("GET", "/earlier-errors-2026.01/_search?size=1", "")
                    .contains("\"tally\""));
        }
    }

    @Test
    void shouldLeaveTheServerToReckonWhenEveryDocumentSaysWhatItAdds() {
        List<PredictionError> errors = new RandomErrors().of(BOTH, 0, 20);
        await(archive.writeErrors(errors));
        // a reader would have to leave this one out; its document says that it adds nothing
        sandbox.ask("POST", "/totals-errors-2026.01/_doc/odd?refresh=true", """
                {"v":9,"source":"kraken","symbol":"BTC/USD","asOf":"2026-01-05T12:00:00.000Z","published":true,
                 "targetTime":"2026-01-05T12:05:00.000Z","modelVersion":"odd","tally":{"count":0,"unscored":1}}
                """);
        ErrorTotals added = await(archive.errorTotals(BOTH, minute(0), minute(100)));
        assertTrue(added.sums().stream().anyMatch(sums -> sums.modelVersion().equals("odd")));
        sandbox.ask("DELETE", "/totals-errors-2026.01/_doc/odd?refresh=true", "");
        assertSame(ErrorTotals.of(errors), await(archive.errorTotals(BOTH, minute(0), minute(100))));
        assertSame(
                ErrorTotals.of(errors.stream()
                        .filter(error -> error.prediction().symbol().equals(BTC))
                        .toList()),
                await(archive.errorTotals(List.of(BTC), minute(0), minute(100))));
        assertSame(ErrorTotals.NONE, await(archive.errorTotals(BOTH, minute(1000), minute(2000))));
        assertSame(ErrorTotals.NONE, await(archive.errorTotals(List.of(), minute(0), minute(100))));
    }

    @Test
    void shouldNotCountPartsOfDocumentsAsAnotherSourcesRecords() {
        await(archive.writeErrors(new RandomErrors().of(BOTH, 0, 20)));
        Duration day = Duration.ofDays(1);
        assertEquals(80, await(archive.expire(new Retention(day, day, day, day, day), minute(60 * 24 * 60))));
        assertFalse(
                sandbox.ask("GET", "/_cat/indices/totals-*?h=index", "").contains("totals-errors"), "deleted whole");
    }
}
