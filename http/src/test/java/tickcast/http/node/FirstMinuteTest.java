package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer's first minute: {@code serve} on the simulated market, as a process of its own, in a fresh data directory. */
class FirstMinuteTest {

    private static final int SYMBOLS = 4;

    @TempDir
    Path data;

    /** @param all seconds to the first prediction of all symbols @param live seconds to the first one by a model */
    private record Figures(double all, double live) {}

    @Test
    void shouldSoonPredictAllSymbolsAndThenByAModel() throws Exception {
        Figures figures = measure(Duration.ofSeconds(180));
        assertTrue(figures.all() <= figures.live());
    }

    @Test
    @Tag("drill")
    void shouldPredictWithinTwentySecondsAndByAModelWithinSixty() throws Exception {
        Figures figures = measure(Duration.ofSeconds(90));
        DrillTable.row(
                "first minute, simulated market, fresh data directory",
                "all symbols <= 20 s, first LIVE <= 60 s",
                "all symbols %.1f s, first LIVE %.1f s",
                figures.all(),
                figures.live());
        assertTrue(figures.all() <= 20, figures::toString);
        assertTrue(figures.live() <= 60, figures::toString);
    }

    private Figures measure(Duration patience) throws Exception {
        try (ChildNode node = ChildNode.serve(data, Map.of("MARKET_SOURCE", "simulated"));
                Stream stream = Stream.open(node.port())) {
            stream.subscribe("predictions");
            Set<String> seen = new HashSet<>();
            double all = Double.NaN;
            while (true) {
                for (JsonNode prediction : stream.next(patience).path("data")) {
                    seen.add(prediction.path("symbol").asText());
                    if (Double.isNaN(all) && seen.size() == SYMBOLS) {
                        all = node.secondsUp();
                    }
                    if (prediction.path("status").asText().equals("LIVE")) {
                        return new Figures(all, node.secondsUp());
                    }
                }
            }
        }
    }
}
