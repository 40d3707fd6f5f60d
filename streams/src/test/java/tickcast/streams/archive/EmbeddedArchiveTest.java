package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;

class EmbeddedArchiveTest extends ArchiveContract {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);

    @TempDir
    Path directory;

    private EmbeddedArchive archive;

    @BeforeEach
    void open() {
        archive = EmbeddedArchive.open(directory, MarketSource.KRAKEN, SHORT);
    }

    @AfterEach
    void close() {
        archive.close();
    }

    @Override
    Archive archive() {
        return archive;
    }

    private Path file() {
        return EmbeddedArchive.file(directory, MarketSource.KRAKEN);
    }

    @Test
    void shouldKeepEachSourceInItsOwnFile() {
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        try (EmbeddedArchive other = EmbeddedArchive.open(directory, MarketSource.replay("0a1b"))) {
            assertEquals(List.of(), await(other.candles(BTC, ALL)));
        }
        assertTrue(Files.exists(directory.resolve("kraken/tickcast.db")));
        assertTrue(Files.exists(directory.resolve("replay-0a1b/tickcast.db")));
    }

    @Test
    void shouldFindEverythingAgainAfterClosing() {
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        archive.close();
        open();
        assertEquals(List.of(candle(BTC, 0, 0, 1)), await(archive.candles(BTC, ALL)));
    }

    @Test
    void shouldWriteOutWhatIsPendingWhenClosed() {
        List<CompletionStage<Void>> pending = IntStream.range(0, 500)
                .mapToObj(i -> archive.writeCandles(List.of(candle(BTC, i, 0, i))))
                .toList();
        archive.close();
        pending.forEach(ArchiveContract::await);
        open();
        assertEquals(500, await(archive.candles(BTC, ALL)).size());
    }

    @Test
    void shouldRefuseAfterClosing() {
        archive.close();
        archive.close();
        assertUnavailable(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        assertUnavailable(archive.candles(BTC, ALL));
    }

    @Test
    void shouldRefuseWhenTooMuchWaitsAndGoOnLater() throws SQLException {
        try (Session other = Session.writing(file(), SHORT)) {
            other.execute("BEGIN IMMEDIATE");
            List<Candle> day = IntStream.range(0, 50_000)
                    .mapToObj(i -> candle(BTC, i, 0, i))
                    .toList();
            List<CompletionStage<Void>> writes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                writes.add(archive.writeCandles(day));
            }
            assertUnavailable(writes.get(5));
            other.execute("ROLLBACK");
            await(writes.get(4).exceptionally(lockedOut -> null));
        }
        await(archive.writeCandles(List.of(candle(BTC, 0, 7, 1))));
    }

    @Test
    void shouldBeUnavailableWhileAnotherProcessHoldsTheLockAndGoOnThen() throws SQLException {
        try (Session other = Session.writing(file(), SHORT)) {
            other.execute("BEGIN IMMEDIATE");
            assertUnavailable(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
            assertUnavailable(archive.probe());
            assertEquals(List.of(), await(archive.candles(BTC, ALL)), "reading goes on");
            other.execute("ROLLBACK");
        }
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        await(archive.probe());
    }

    @Test
    void shouldBeUnavailableWhenTheDiskIsFullAndGoOnWhenThereIsSpace() throws SQLException {
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        limitPages(40);
        List<Candle> many =
                IntStream.range(1, 5_000).mapToObj(i -> candle(BTC, i, 0, i)).toList();
        assertUnavailable(archive.writeCandles(many));
        assertEquals(1, await(archive.candles(BTC, ALL)).size(), "nothing of it is kept");

        limitPages(1_000_000);
        await(archive.writeCandles(many));
        assertEquals(5_000, await(archive.candles(BTC, ALL)).size());
        assertIntact();
    }

    private void limitPages(int pages) {
        await(archive.inTransaction(
                session -> session.first("PRAGMA max_page_count = " + pages, binder -> {}, Row::integer)));
    }

    @Test
    void shouldUndoARefusedWriteAloneAndKeepItsNeighbours() throws SQLException {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        try (Session other = Session.writing(file(), SHORT)) {
            other.execute("BEGIN IMMEDIATE");
            writes.add(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
            Candle crooked = new Candle(
                    BTC,
                    Records.minute(9).plusSeconds(1),
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    tickcast.model.market.Quality.EMPTY,
                    0,
                    Records.NOON,
                    false);
            other.execute("ROLLBACK");
            writes.add(archive.writeCandles(List.of(candle(BTC, 1, 0, 1), crooked)));
            writes.add(archive.writeCandles(List.of(candle(BTC, 2, 0, 1))));
        }
        await(writes.get(0));
        await(writes.get(2));
        Throwable refused = assertThrows(CompletionException.class, () -> await(writes.get(1)))
                .getCause();
        assertInstanceOf(IllegalArgumentException.class, refused);
        assertEquals(2, await(archive.candles(BTC, ALL)).size(), "a call is kept whole or not at all");
    }

    @Test
    void shouldLetDependentsWaitForTheArchive() {
        CompletionStage<Integer> chain = archive.writeNote("a", "1").thenApply(done -> {
            await(archive.writeNote("b", "2"));
            return await(archive.note("b")).map(Integer::parseInt).orElse(0);
        });
        assertEquals(2, await(chain));
    }

    @Test
    void shouldBeReadableFromAnotherConnectionWhileItIsOpen() throws SQLException {
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        try (Session other = Session.reading(file(), SHORT)) {
            assertEquals(1, CandleTable.read(other, BTC, ALL).size());
            await(archive.writeCandles(List.of(candle(BTC, 1, 0, 1))));
            assertEquals(2, CandleTable.read(other, BTC, ALL).size());
            assertThrows(SQLException.class, () -> other.execute("DELETE FROM candles"));
        }
    }

    @Test
    void shouldRefuseAFileThatIsNoArchive() throws IOException {
        Path file = EmbeddedArchive.file(directory, MarketSource.SIMULATED);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "this is no database, and long enough to be looked at\n".repeat(50));
        assertThrows(ArchiveUnavailable.class, () -> EmbeddedArchive.open(directory, MarketSource.SIMULATED));
    }

    @Test
    void shouldOpenAFileFromBeforeEpochsWithoutLoss() throws SQLException, IOException {
        Path old = EmbeddedArchive.file(directory, MarketSource.SIMULATED);
        Files.createDirectories(old.getParent());
        try (Session session = Session.writing(old, SHORT)) {
            Schema.migrate(session, Schema.STEPS.subList(0, 1));
            session.execute(
                    "INSERT INTO candles VALUES ('BTC/USD', 29460000, 1, 3, 0.5, 2, 10, 20, 5, 7, 1, 7, 0, 3, 0, 0)");
        }
        try (EmbeddedArchive migrated = EmbeddedArchive.open(directory, MarketSource.SIMULATED)) {
            Candle kept = await(migrated.candles(BTC, ALL)).get(0);
            assertEquals(List.of(2.0, 3, 7), List.of(kept.close(), kept.revision(), kept.trades()));
            await(migrated.writeCandles(List.of(kept.withRevision(2, kept.knownAt()))));
            assertEquals(List.of(kept), await(migrated.candles(BTC, ALL)));
            Candle owners = kept.withRevision(0, kept.knownAt());
            await(migrated.writeCandles(List.of(owners), 1));
            assertEquals(List.of(owners), await(migrated.candles(BTC, ALL)));
        }
    }

    @Test
    void shouldMigrateStepByStepAndRefuseANewerFile() throws SQLException {
        await(archive.writeNote("kept", "yes"));
        archive.close();
        try (Session session = Session.writing(file(), SHORT)) {
            assertEquals(Schema.version(), Schema.versionOf(session));
            Schema.migrate(
                    session, List.of("never run again", "nor this", "ALTER TABLE notes ADD COLUMN extra; SELECT 1"));
            assertEquals(3, Schema.versionOf(session));
            assertEquals("yes", NoteTable.read(session, "kept").orElseThrow());
            assertThrows(
                    SQLException.class,
                    () -> Schema.migrate(session, List.of("a", "b", "c", "ALTER TABLE absent ADD x")));
            assertEquals(3, Schema.versionOf(session), "a step that fails leaves the version");
        }
        IllegalStateException newer = assertThrows(
                IllegalStateException.class, () -> EmbeddedArchive.open(directory, MarketSource.KRAKEN, SHORT));
        assertTrue(newer.getMessage().contains("newer Tickcast"), newer.getMessage());
    }

    @Test
    void shouldAnswerTheFrequentQueriesFromAnIndex() {
        for (String query : List.of(
                "SELECT * FROM predictions p WHERE p.symbol = 'B' AND p.published = 1 AND p.as_of >= 1 AND p.as_of < 9"
                        + " ORDER BY p.as_of DESC LIMIT 5",
                "SELECT * FROM predictions p WHERE p.symbol = 'B' AND p.waiting = 1 AND p.target >= 1 AND p.target < 9",
                "SELECT * FROM errors e CROSS JOIN predictions p ON p.number = e.prediction WHERE e.symbol = 'B'"
                        + " AND e.target >= 1 AND e.target < 9",
                "SELECT * FROM sentiment WHERE symbol = '*' AND known_at >= 1 AND known_at < 9 ORDER BY known_at")) {
            List<String> plan = await(
                    archive.inTransaction(session -> session.list("EXPLAIN QUERY PLAN " + query, binder -> {}, row -> {
                        row.integer();
                        row.integer();
                        row.integer();
                        return row.text();
                    })));
            assertTrue(
                    plan.stream().allMatch(step -> step.startsWith("SEARCH") || step.startsWith("USE TEMP")),
                    plan + " for " + query);
        }
    }

    @Test
    void shouldImportManyCandlesFast() {
        List<Candle> candles =
                IntStream.range(0, 40_000).mapToObj(i -> candle(BTC, i, 0, i)).toList();
        await(archive.writeCandles(candles.subList(0, 2_000)));
        long start = System.nanoTime();
        await(archive.writeCandles(candles));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertEquals(40_000, await(archive.candles(BTC, ALL)).size());
        assertTrue(millis < 8_000, "40,000 candles took " + millis + " ms");
    }

    @Test
    void shouldKeepPredictionsOfOneCallTogether() {
        assertEquals(
                2,
                await(archive.writePredictions(List.of(live(BTC, 0, "1"), live(BTC, 1, "1"))))
                        .size());
        assertIntact();
    }

    private void assertIntact() {
        List<String> verdict = await(
                archive.inTransaction(session -> session.list("PRAGMA integrity_check", binder -> {}, Row::text)));
        assertEquals(List.of("ok"), verdict);
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        Throwable failure =
                assertThrows(CompletionException.class, () -> await(stage)).getCause();
        assertInstanceOf(ArchiveUnavailable.class, failure);
    }
}
