package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "train",
                "backtest",
                "import",
                "export",
                "score",
                "sentiment",
                "models",
                "models list",
                "models show",
                "models promote",
                "models rollback"
            })
    void shouldHelpOnStandardOutput(String command) {
        CommandRun run = CommandRun.of(data, (command + " --help").split(" "));

        assertEquals(0, run.exitCode());
        assertTrue(run.out().startsWith("Usage: tickcast " + command), run.out());
        assertTrue(run.out().contains("--help"), run.out());
        assertEquals("", run.err());
    }

    @Test
    void shouldListEveryCommandAndTheExitCodes() {
        CommandRun run = CommandRun.of(data, "--help");

        assertEquals(0, run.exitCode());
        for (String command :
                new String[] {"serve", "train", "backtest", "import", "export", "score", "sentiment", "models"}) {
            assertTrue(run.lines().stream().anyMatch(line -> line.startsWith("  " + command + " ")), command);
        }
        assertTrue(run.out().contains("the arguments or settings are wrong"));
        assertEquals("tickcast 0.1.0", CommandRun.of(data, "train", "-V").out().strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trian|Unknown command 'trian'",
                "models remove|Unknown command 'remove'",
                "models --sauce x|--sauce",
                "sentiment --loud|--loud",
                "backtest|--history",
                "import|--history",
                "score|--history",
                "export|--kind",
                "export --kind moons|candles, features, predictions, errors",
                "export --kind candles --format xml|csv, jsonl",
                "export --kind candles --from yesterday|2026-01-05",
                "export --kind candles --from 2026-01-05T12:00|2026-01-05T12:00:00Z",
                "export --kind candles --from 2026-01-05 --to 2026-01-05|earlier",
                "export --kind candles --symbol dollars|no pair",
                "models --source moon|kraken, simulated, topic, replay",
                "models list --source replay|REPLAY_DIRECTORY",
                "models show|VERSION",
                "import --history /no/such/directory|no directory",
                "backtest --history . --out /no/such/directory/file|--out",
                "backtest --history . --retrain-hours 0|at least 1",
                "backtest --history . --model 1 --retrain-hours 24|can't be combined",
                "train --search-trials 201|expected 0 to 200",
                "train --search-minutes -1|expected 0 to 1440",
                "sentiment /no/such/file|can't be read"
            })
    void shouldRefuseWrongArguments(String args, String word) {
        CommandRun run = CommandRun.of(data, args.split(" "));

        assertEquals(2, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().contains(word), run.err());
        assertTrue(run.err().contains("Usage: tickcast"), run.err());
        assertTrue(run.err().lines().count() <= 7, "short, but was: " + run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models|0|no models of kraken",
                "models list --source simulated|0|no models of simulated",
                "models show 1|1|no models of kraken",
                "models promote 1|1|no models of kraken",
                "models rollback|1|no models of kraken",
                "export --kind errors|1|no records of kraken",
                "train|1|no records of kraken",
                "train --source replay-0123456789ab|1|no records of replay-0123456789ab",
                "score --history . --model 1|1|holds no history",
                "import --history .|1|holds no history"
            })
    void shouldSayWhatIsAbsentAndMakeNothing(String args, int exitCode, String words) {
        CommandRun run = CommandRun.of(data, args.split(" "));

        assertEquals(exitCode, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().contains(words), run.err());
        assertEquals(0, data.toFile().list().length, "nothing was made");
    }
}
