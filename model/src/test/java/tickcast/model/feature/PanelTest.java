package tickcast.model.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Symbol;

class PanelTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final FeatureVector BTC = vector("BTC/USD", 1);
    private static final FeatureVector ETH = vector("ETH/USD", 2);
    private static final FeatureVector SOL = vector("SOL/EUR", 4);
    private static final List<FeatureVector> ALL = List.of(BTC, ETH, SOL);

    @Test
    void shouldTellEachWhatTheOthersDid() {
        List<FeatureVector> joined = Panel.join(ALL, symbols(ALL));
        assertEquals(value(BTC, "return5"), value(joined.get(1), "leaderReturn5"));
        assertEquals(mean(value(ETH, "return5"), value(SOL, "return5")), value(joined.get(0), "leaderReturn5"), 1e-12);
        assertEquals(mean(value(BTC, "return1"), value(SOL, "return1")), value(joined.get(1), "panelReturn1"), 1e-12);
        assertEquals(
                value(ETH, "return15") - value(joined.get(1), "panelReturn15"),
                value(joined.get(1), "relativeReturn15"),
                1e-12);
        assertEquals(
                mean(Math.abs(value(BTC, "return5")), Math.abs(value(ETH, "return5"))),
                value(joined.get(2), "panelMove5"),
                1e-12);
        assertEquals("", joined.get(0).missing());
    }

    @Test
    void shouldNotDependOnTheOrderAndChangeNothingGiven() {
        List<FeatureVector> expected = Panel.join(ALL, symbols(ALL));
        List<FeatureVector> reversed = new ArrayList<>(ALL);
        Collections.reverse(reversed);
        List<FeatureVector> joined = Panel.join(reversed, symbols(ALL));
        Collections.reverse(joined);
        for (int i = 0; i < ALL.size(); i++) {
            assertArrayEquals(expected.get(i).values(), joined.get(i).values());
        }
        assertTrue(Double.isNaN(value(ETH, "panelReturn1")));
    }

    @Test
    void shouldNoteTheAbsent() {
        Set<Symbol> expected = symbols(ALL);
        expected.add(Symbol.parse("XRP/USD"));
        expected.add(Symbol.parse("ADA/USD"));
        List<FeatureVector> joined = Panel.join(List.of(ETH, SOL), expected);
        assertEquals("ADA/USD,BTC/USD,XRP/USD", joined.get(0).missing());
        assertTrue(Double.isNaN(value(joined.get(0), "leaderReturn5")));
        assertEquals(value(SOL, "return2"), value(joined.get(0), "panelReturn2"), 1e-12);
    }

    @Test
    void shouldPreferTheLeaderInTheSameQuote() {
        FeatureVector euro = vector("BTC/EUR", 9);
        List<FeatureVector> joined = Panel.join(List.of(BTC, euro, ETH, SOL), Set.of());
        assertEquals(value(BTC, "return1"), value(joined.get(2), "leaderReturn1"));
        assertEquals(value(euro, "return1"), value(joined.get(3), "leaderReturn1"));
    }

    @Test
    void shouldBeAloneWithoutOthers() {
        FeatureVector joined = Panel.join(List.of(BTC), Set.of(BTC.symbol())).get(0);
        for (String name : Panel.NAMES) {
            assertTrue(Double.isNaN(value(joined, name)), name);
        }
        assertEquals(List.of(), Panel.join(List.of(), Set.of()));
    }

    @Test
    void shouldRefuseWhatDoesNotBelongTogether() {
        FeatureVector later =
                new FeatureVector(ETH.symbol(), NOON.plusSeconds(60), NOON, ETH.schemaHash(), ETH.values(), 1, 1, "");
        FeatureVector other = new FeatureVector(ETH.symbol(), NOON, NOON, "0", ETH.values(), 1, 1, "");
        assertThrows(IllegalArgumentException.class, () -> Panel.join(List.of(BTC, later), Set.of()));
        assertThrows(IllegalArgumentException.class, () -> Panel.join(List.of(BTC, other), Set.of()));
        assertThrows(IllegalArgumentException.class, () -> Panel.join(List.of(BTC, BTC), Set.of()));
    }

    private static double mean(double a, double b) {
        return (a + b) / 2;
    }

    private static double value(FeatureVector vector, String name) {
        return vector.values()[FeatureSchema.current().indexOf(name)];
    }

    private static Set<Symbol> symbols(List<FeatureVector> vectors) {
        return vectors.stream().map(FeatureVector::symbol).collect(Collectors.toCollection(HashSet::new));
    }

    private static FeatureVector vector(String name, long seed) {
        Symbol symbol = Symbol.parse(name);
        FeatureExtractor extractor = new FeatureExtractor(symbol);
        new MarketWalk(symbol, seed, 100)
                .candles(NOON.minusSeconds(100 * 60), 100)
                .forEach(extractor::update);
        return extractor.vector(NOON);
    }
}
