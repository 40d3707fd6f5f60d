package tickcast.model.sentiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.LabelledHeadlines.Agreement;
import tickcast.model.sentiment.SentimentScorer.Opinion;
import tickcast.model.sentiment.SentimentScorer.Score;

class LexiconScorerTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Symbol SOL = Symbol.parse("SOL/USD");
    private static final Symbol XRP = Symbol.parse("XRP/USD");
    private static final Symbol LINK = Symbol.parse("LINK/USD");
    private static final Set<Symbol> FOLLOWED = Set.of(BTC, ETH, SOL, XRP);

    private final LexiconScorer scorer = new LexiconScorer();

    private Score score(String title) {
        return score(title, "", FOLLOWED);
    }

    private Score score(String title, String summary, Set<Symbol> symbols) {
        NewsItem item = new NewsItem("id", "test", title, summary, "", Instant.EPOCH, Instant.EPOCH);
        return scorer.score(List.of(item), symbols).get(0);
    }

    private Opinion market(String title) {
        return score(title).market();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Bitcoin soars to a new all-time high                                 | 1
            Startup raises $30 million in Series A funding                       | 1
            SEC approves first spot Bitcoin ETF                                  | 1
            Court drops lawsuit against exchange                                 | 1
            Exchange hacked for $120 million                                     | -1
            Bitcoin crashes below $30,000                                        | -1
            Regulator bans crypto exchange                                       | -1
            Lender halts withdrawals and files for bankruptcy                    | -1
            SEC chair to speak at a conference on Tuesday                        | 0
            How to run a Lightning node on a Raspberry Pi                        | 0
            ''                                                                   | 0
            """)
    void shouldTakeASide(String title, int label) {
        assertEquals(label, market(title).label(), () -> title + ": " + score(title));
    }

    @Test
    void shouldTurnNegatedTermsAround() {
        assertTrue(market("The exchange was hacked").score() < 0);
        assertTrue(market("The exchange was not hacked").score() > 0);
        assertTrue(market("Funds were not approved").score() < 0);
        assertTrue(Math.abs(market("The exchange wasn’t hacked").score())
                < Math.abs(market("The exchange was hacked").score()));
    }

    @Test
    void shouldKeepNegationWithinItsClause() {
        assertTrue(market("It is not over; exchange hacked").score() < 0);
    }

    @Test
    void shouldStrengthenAndWeaken() {
        double plain = market("Exchange suffers losses").score();
        assertTrue(market("Exchange suffers massive losses").score() < plain);
        assertTrue(market("Exchange may suffer losses").score() > plain);
        assertTrue(market("Exchange suffers losses?").score() > plain);
        assertTrue(market("Why exchange suffers losses").score() > plain);
    }

    @Test
    void shouldBeSurerWithMoreAndAgreeingEvidence() {
        assertEquals(new Opinion(0, 0), market("A day in the life of a miner's cat"));
        double one = market("Bitcoin rallies").confidence();
        double two = market("Bitcoin rallies to new all-time high").confidence();
        double mixed = market("Bitcoin rallies while exchange is hacked").confidence();
        assertTrue(one > 0 && two > one && mixed < one, one + " " + two + " " + mixed);
    }

    @Test
    void shouldGiveEachSymbolItsClause() {
        Map<Symbol, Opinion> by = score("Bitcoin surges while ether plunges").bySymbol();
        assertEquals(Set.of(BTC, ETH), by.keySet());
        assertTrue(by.get(BTC).score() > 0.3);
        assertTrue(by.get(ETH).score() < -0.3);
    }

    @Test
    void shouldKnowNamesAndTickers() {
        assertEquals(Set.of(XRP), score("Ripple wins court case").bySymbol().keySet());
        assertEquals(
                Set.of(BTC, ETH, SOL),
                score("BTC, ETH and SOL rally").bySymbol().keySet());
        assertEquals(
                Set.of(SOL), score("Solana’s network suffers outage").bySymbol().keySet());
        assertEquals(Set.of(SOL), score("traders pile into $sol").bySymbol().keySet());
        assertEquals(
                Set.of(),
                score("The sol lute and the eth rune").bySymbol().keySet().stream()
                        .filter(SOL::equals)
                        .collect(Collectors.toSet()));
        assertEquals(Set.of(), score("Dogecoin jumps").bySymbol().keySet(), "not followed");
    }

    @Test
    void shouldTakeOtherTickersOnlyAsWholeWordsInCapitals() {
        Set<Symbol> followed = Set.of(LINK);
        assertEquals(Set.of(LINK), score("LINK surges", "", followed).bySymbol().keySet());
        assertEquals(
                Set.of(LINK), score("Chainlink surges", "", followed).bySymbol().keySet());
        assertEquals(
                Set.of(),
                score("Police find link to hack", "", followed).bySymbol().keySet());
        assertEquals(
                Set.of(),
                score("POLICE FIND LINK TO HACK", "", followed).bySymbol().keySet());
    }

    @Test
    void shouldHearTheSummaryLess() {
        Score inTitle = score("Exchange hacked", "", FOLLOWED);
        Score inSummary = score("Exchange update", "The exchange was hacked, ether was stolen.", FOLLOWED);
        assertTrue(inSummary.market().score() < 0
                && inSummary.market().score() > inTitle.market().score());
        assertTrue(inSummary.bySymbol().get(ETH).confidence() < inTitle.market().confidence());
    }

    @Test
    void shouldSayWhy() {
        assertEquals("hacked, stolen", score("Exchange hacked, coins stolen").reason());
    }

    @Test
    void shouldScoreInOrder() {
        List<Score> scores = scorer.score(
                List.of(LabelledHeadlines.item("Exchange hacked"), LabelledHeadlines.item("Bitcoin rallies")),
                FOLLOWED);
        assertEquals(
                List.of(-1, 1), scores.stream().map(s -> s.market().label()).toList());
    }

    @Test
    void shouldStayInBoundsForAnyText() {
        Random random = new Random(20);
        for (int i = 0; i < 2_000; i++) {
            String title = anyText(random);
            String summary = anyText(random);
            Score score = score(title, summary, FOLLOWED);
            List<Opinion> opinions = new ArrayList<>(score.bySymbol().values());
            opinions.add(score.market());
            for (Opinion opinion : opinions) {
                assertTrue(Math.abs(opinion.score()) <= 1 && opinion.confidence() >= 0 && opinion.confidence() <= 1);
            }
            assertEquals(score, score(title, summary, FOLLOWED));
        }
    }

    private static String anyText(Random random) {
        List<String> pieces = List.of(
                "hacked", " ", "not ", "$", "$9.", "%", "BTC", "'", "’", "?", ";", "Ünï", "🔥", "\u0000", "-", ".",
                "raises ", "million", "\ud83d", "#", "U.S.", "\n", "surges ", "while ");
        return IntStream.range(0, random.nextInt(30))
                .mapToObj(i -> pieces.get(random.nextInt(pieces.size())))
                .collect(Collectors.joining());
    }

    @Test
    void shouldNotBeKeptBusyByAHugeText() {
        assertTimeout(Duration.ofSeconds(2), () -> score("hacked $1 ".repeat(500_000)));
    }

    @Test
    void shouldRefuseAMalformedWordList() {
        assertThrows(IllegalArgumentException.class, () -> lexicon("term\tgood\t1\nterm\tgood\t2"));
        assertThrows(IllegalArgumentException.class, () -> lexicon("word\tgood\t1"));
        assertThrows(IllegalArgumentException.class, () -> lexicon("term"));
        assertThrows(IllegalArgumentException.class, () -> lexicon("term\tgo*\t1"));
    }

    private static Lexicon lexicon(String lines) throws IOException {
        return Lexicon.read(new BufferedReader(new StringReader(lines)));
    }

    /** The word list was made by looking at the even ids only. */
    @Test
    void shouldAgreeWithPeopleOnHeadlinesThatItWasNotMadeFrom() throws IOException {
        Assumptions.assumeTrue(Files.exists(LabelledHeadlines.file()), "shared data is absent: news");
        LabelledHeadlines heldOut = LabelledHeadlines.read(id -> id % 2 == 1);
        assertFalse(heldOut.headlines().isEmpty());
        Agreement lexicon = heldOut.agreement(scorer);
        Agreement majority = heldOut.agreement(headline -> 1);
        System.out.printf(
                "lexicon on %d held-out headlines: accuracy %.3f, macro-F1 %.3f (always 1: %.3f, %.3f)%n",
                heldOut.headlines().size(),
                lexicon.accuracy(),
                lexicon.macroF1(),
                majority.accuracy(),
                majority.macroF1());
        assertTrue(lexicon.macroF1() > majority.macroF1() + 0.2, "macro-F1 " + lexicon.macroF1());
        assertTrue(lexicon.accuracy() > majority.accuracy(), "accuracy " + lexicon.accuracy());
    }
}
