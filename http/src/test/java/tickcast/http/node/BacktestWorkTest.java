package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.BacktestCheckpoint.Fold;
import tickcast.model.training.BacktestSettings;
import tickcast.model.training.MarketHistory;

class BacktestWorkTest {

    private static final Instant FIRST = Instant.parse("2025-03-14T00:00:00Z");
    private static final Instant SECOND = FIRST.plus(Duration.ofDays(1));
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final BacktestSettings SETTINGS = BacktestSettings.defaults(5);

    @TempDir
    Path directory;

    private final List<String> words = new ArrayList<>();

    private Path data() {
        return directory.resolve("data");
    }

    private Optional<BacktestWork> take(String key) {
        return BacktestWork.take(data(), key, words::add);
    }

    private static Fold fold(String version) {
        ModelCard card = new ModelCard(
                version,
                "replay",
                ModelState.CHALLENGER,
                "just trained",
                FIRST,
                FIRST.minus(Duration.ofDays(13)),
                FIRST,
                1000,
                List.of("BTC/USD"),
                "schema",
                "hash",
                List.of("a"),
                5,
                Map.of("seed", "17"),
                Map.of("skill", 0.1 + 0.2, "directionAccuracy", Double.NaN),
                true,
                "digest");
        return new Fold(new TrainedModel(Map.of("ensemble.json", new byte[] {1, 2, 3}), card), 42);
    }

    @Test
    void shouldGiveBackWhatAnInterruptedOneKept() {
        try (BacktestWork work = take("a").orElseThrow()) {
            assertEquals(Optional.empty(), work.find(FIRST));
            work.keep(FIRST, fold("1"));
            work.keep(SECOND, fold("2"));
        }
        assertEquals(List.of(), words, "nothing to tell of a first start");

        try (BacktestWork work = take("a").orElseThrow()) {
            Fold found = work.find(SECOND).orElseThrow();
            assertEquals(fold("2").model().card(), found.model().card());
            assertArrayEquals(new byte[] {1, 2, 3}, found.model().files().get("ensemble.json"));
            assertEquals(42, found.nanos());
            assertEquals(List.of("Resumed at day 2025-03-15: 2 trainings were done before."), words);
            work.finish();
        }
        assertFalse(Files.exists(data().resolve("backtest")));
    }

    @Test
    void shouldLeaveTheDataDirectoryAsItWasWhenNothingWasKept() throws IOException {
        take("a").orElseThrow().close();
        assertFalse(Files.exists(data()), "it was not there before");

        Files.createDirectories(data());
        take("a").orElseThrow().close();
        assertTrue(Files.exists(data()));
    }

    @Test
    void shouldLetOneProcessHaveTheFolder() {
        try (BacktestWork work = take("a").orElseThrow()) {
            assertEquals(Optional.empty(), take("a"));
            assertTrue(words.get(0).startsWith("The same backtest is running already"), words::toString);
            work.keep(FIRST, fold("1"));
            assertTrue(take("b").isPresent(), "another one is not in the way");
        }
    }

    @Test
    void shouldIgnoreWhatOthersLeftAndKeepLittleOfIt() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (BacktestWork other = take("other" + i).orElseThrow()) {
                other.keep(FIRST, fold("1"));
            }
            Files.setLastModifiedTime(
                    data().resolve("backtest").resolve("other" + i), FileTime.from(FIRST.plusSeconds(i)));
        }
        words.clear();
        try (BacktestWork work = take("mine").orElseThrow()) {
            assertEquals(Optional.empty(), work.find(FIRST));
            assertTrue(words.get(0).startsWith("3 backtests of other data, settings or code did not finish"));
            assertTrue(words.get(0).endsWith("is not used here."), words::toString);
        }
        try (Stream<Path> left = Files.list(data().resolve("backtest"))) {
            assertEquals(
                    List.of("other2", "other3", "other4"),
                    left.map(folder -> folder.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void shouldKnowOtherHistorySettingsAndSourceFromItsOwn() {
        String key = BacktestKey.of(history(100), SETTINGS, "replay");

        assertEquals(key, BacktestKey.of(history(100), BacktestSettings.defaults(5), "replay"));
        assertNotEquals(key, BacktestKey.of(history(Math.nextUp(100.0)), SETTINGS, "replay"));
        assertNotEquals(key, BacktestKey.of(history(100), SETTINGS.withRetrainEvery(Duration.ofHours(23)), "replay"));
        assertNotEquals(key, BacktestKey.of(history(100), SETTINGS, "kraken"));
        assertTrue(key.matches("[0-9a-f]{16}"));
    }

    private static MarketHistory history(double price) {
        return MarketHistory.of(Map.of(BTC, List.of(Candle.empty(BTC, FIRST, price, FIRST))), List.of());
    }
}
