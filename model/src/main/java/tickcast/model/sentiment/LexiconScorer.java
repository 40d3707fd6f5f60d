package tickcast.model.sentiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tickcast.model.market.Symbol;

/**
 * Scores headlines by a list of weighted words and phrases, made for news about crypto markets. Negation turns a term
 * around, "massive" strengthens it, "may" weakens it; questions and explanations weigh little. The summary counts less than
 * the title. A headline is about a symbol when it names its base asset; where it names several, each takes the terms of its
 * own clauses.
 *
 * <p>Pure and deterministic, safe for several threads; some microseconds a headline.
 */
public final class LexiconScorer implements SentimentScorer {

    private static final double SUMMARY_WEIGHT = 0.35;
    private static final double NEGATED = -0.6;
    private static final double BOOSTED = 1.4;
    private static final double HEDGED = 0.65;
    private static final double QUESTIONED = 0.4;
    private static final double EXPLAINED = 0.35;
    private static final double HEARD_ELSEWHERE = 0.7;
    private static final int NEGATION_REACH = 3;
    private static final int BOOST_REACH = 2;
    private static final int HEDGE_REACH = 4;
    private static final int MOST_REASONS = 4;

    private final Lexicon lexicon = Lexicon.load();

    /** A term found, with what its surroundings made of it. */
    private record Hit(String text, double weight, int clause) {}

    /** What one text says. */
    private record Reading(List<Hit> hits, Map<String, Set<Integer>> clausesByAsset) {}

    @Override
    public String name() {
        return "lexicon";
    }

    @Override
    public List<Score> score(List<NewsItem> items, Set<Symbol> symbols) {
        return items.stream().map(item -> score(item, symbols)).toList();
    }

    private Score score(NewsItem item, Set<Symbol> symbols) {
        Set<String> bases = symbols.stream().map(Symbol::base).collect(Collectors.toSet());
        Reading title = read(Headline.of(item.title()), bases);
        Reading summary = read(Headline.of(item.summary()), bases);
        Map<Symbol, Opinion> bySymbol = new TreeMap<>();
        for (Symbol symbol : symbols) {
            if (title.clausesByAsset().containsKey(symbol.base())) {
                bySymbol.put(symbol, about(symbol.base(), title, summary));
            } else if (summary.clausesByAsset().containsKey(symbol.base())) {
                Opinion heard = about(symbol.base(), title, summary);
                bySymbol.put(symbol, new Opinion(heard.score(), heard.confidence() * HEARD_ELSEWHERE));
            }
        }
        return new Score(
                new Evidence()
                        .add(title.hits(), 1)
                        .add(summary.hits(), SUMMARY_WEIGHT)
                        .opinion(),
                Collections.unmodifiableMap(bySymbol),
                reason(title.hits(), summary.hits()));
    }

    /** The clauses that name the asset decide; when they say nothing, the whole text does, for less. */
    private static Opinion about(String base, Reading title, Reading summary) {
        Evidence own = new Evidence().add(ownHits(base, title), 1).add(ownHits(base, summary), SUMMARY_WEIGHT);
        if (own.isEmpty()) {
            own.add(title.hits(), HEARD_ELSEWHERE).add(summary.hits(), HEARD_ELSEWHERE * SUMMARY_WEIGHT);
        }
        return own.opinion();
    }

    private static List<Hit> ownHits(String base, Reading reading) {
        Set<Integer> clauses = reading.clausesByAsset().getOrDefault(base, Set.of());
        return reading.hits().stream()
                .filter(hit -> clauses.contains(hit.clause()))
                .toList();
    }

    private Reading read(Headline headline, Set<String> bases) {
        double tone = (headline.question() ? QUESTIONED : 1) * (lexicon.explains(headline.words()) ? EXPLAINED : 1);
        List<Hit> hits = new ArrayList<>();
        int at = 0;
        while (at < headline.size()) {
            Optional<Lexicon.Term> term = lexicon.match(headline.words(), at);
            if (term.isPresent()) {
                hits.add(hit(headline, at, term.get(), tone));
            }
            at += term.map(Lexicon.Term::length).orElse(1);
        }
        return new Reading(hits, assets(headline, bases));
    }

    private Hit hit(Headline headline, int at, Lexicon.Term term, double tone) {
        return new Hit(
                String.join(" ", headline.words().subList(at, at + term.length())),
                term.weight() * tone * surroundings(headline, at),
                headline.clauses()[at]);
    }

    /** What the words before a term, in its clause, make of it. */
    private double surroundings(Headline headline, int at) {
        double factor = 1;
        for (int back = 1; back <= HEDGE_REACH && at - back >= 0; back++) {
            if (headline.clauses()[at - back] != headline.clauses()[at]) {
                break;
            }
            String word = headline.words().get(at - back);
            if (back <= NEGATION_REACH && lexicon.negates(word)) {
                factor *= NEGATED;
            }
            if (back <= BOOST_REACH && lexicon.boosts(word)) {
                factor *= BOOSTED;
            }
            if (lexicon.hedges(word)) {
                factor *= HEDGED;
            }
        }
        return factor;
    }

    /** By asset, the clauses in which it is named: by a coin's name, or by its ticker in capitals or after a dollar sign. */
    private Map<String, Set<Integer>> assets(Headline headline, Set<String> bases) {
        Map<String, Set<Integer>> clauses = new LinkedHashMap<>();
        for (int i = 0; i < headline.size(); i++) {
            String base = asset(headline, i, bases);
            if (!base.isEmpty()) {
                clauses.computeIfAbsent(base, b -> new LinkedHashSet<>()).add(headline.clauses()[i]);
            }
        }
        return clauses;
    }

    private String asset(Headline headline, int at, Set<String> bases) {
        String original = headline.originals().get(at);
        if (original.startsWith("$")) {
            String ticker = original.substring(1).toUpperCase(Locale.ROOT);
            return bases.contains(ticker) ? ticker : "";
        }
        if (!headline.shouting() && bases.contains(original)) {
            return original;
        }
        String named = lexicon.asset(headline.words().get(at));
        return bases.contains(named) ? named : "";
    }

    private static String reason(List<Hit> title, List<Hit> summary) {
        List<Hit> all = new ArrayList<>(title);
        all.addAll(summary);
        return all.stream().map(Hit::text).distinct().limit(MOST_REASONS).collect(Collectors.joining(", "));
    }

    /** Weighs what speaks for and against. */
    private static final class Evidence {

        private double good;
        private double bad;

        Evidence add(List<Hit> hits, double weight) {
            for (Hit hit : hits) {
                double value = hit.weight() * weight;
                if (value > 0) {
                    good += value;
                } else {
                    bad -= value;
                }
            }
            return this;
        }

        boolean isEmpty() {
            return good == 0 && bad == 0;
        }

        /** Score: a squashed sum. Confidence: how much was found, and how far it agrees. */
        Opinion opinion() {
            if (isEmpty()) {
                return new Opinion(0, 0);
            }
            double agreement = Math.abs(good - bad) / (good + bad);
            return new Opinion(Math.tanh((good - bad) / 2), agreement * (1 - Math.exp(-(good + bad))));
        }
    }
}
