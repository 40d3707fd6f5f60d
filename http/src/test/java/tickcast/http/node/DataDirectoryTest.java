package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.MarketSource;

class DataDirectoryTest {

    @TempDir
    private Path folder;

    @Test
    void shouldKeepTheHorizonItWasBegunWith() {
        try (DataDirectory first = DataDirectory.take(folder, MarketSource.SIMULATED)) {
            first.requireHorizon(5);
        }
        try (DataDirectory again = DataDirectory.take(folder, MarketSource.SIMULATED)) {
            again.requireHorizon(5);
            WrongSetting refusal = assertThrows(WrongSetting.class, () -> again.requireHorizon(3));
            assertTrue(refusal.getMessage().startsWith("tickcast.forecast.horizon = '3m'"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("5m"), refusal.getMessage());
        }
        try (DataDirectory other = DataDirectory.take(folder, MarketSource.KRAKEN)) {
            other.requireHorizon(3);
        }
    }

    @Test
    void shouldBeHeldByOne() {
        try (DataDirectory held = DataDirectory.take(folder, MarketSource.SIMULATED)) {
            CommandFailed refusal =
                    assertThrows(CommandFailed.class, () -> DataDirectory.take(folder, MarketSource.SIMULATED));
            assertTrue(refusal.getMessage().startsWith(held.folder() + " is in use"), refusal.getMessage());
        }
    }
}
