package tickcast.model.sentiment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words that tell how news bears on prices. Read from {@code lexicon.tsv}: kind, term, value, separated by tabs.
 *
 * <ul>
 *   <li>{@code term}: a word or phrase with its weight, 1 = clearly good for the price; {@code *} ends a stem
 *   <li>{@code negate}, {@code boost}, {@code hedge}: words that turn, strengthen or weaken the term that follows
 *   <li>{@code explain}: beginnings of texts that explain rather than report
 *   <li>{@code asset}: a coin's name, with its ticker as the value
 * </ul>
 *
 * Immutable.
 */
final class Lexicon {

    private static final int SHORTEST_STEM = 3;

    private final Map<String, List<Term>> byFirstWord = new HashMap<>();
    private final Map<String, List<Term>> byFirstStem = new HashMap<>();
    private final Set<String> negators = new HashSet<>();
    private final Set<String> boosters = new HashSet<>();
    private final Set<String> hedges = new HashSet<>();
    private final List<Term> explainers = new ArrayList<>();
    private final Map<String, String> assets = new HashMap<>();

    /** A phrase of one or more words; those that are stems match every word that begins with them. */
    record Term(String text, String[] words, boolean[] stems, double weight) {

        static Term parse(String text, double weight) {
            String[] words = text.split(" ");
            boolean[] stems = new boolean[words.length];
            for (int i = 0; i < words.length; i++) {
                stems[i] = words[i].endsWith("*");
                if (stems[i]) {
                    words[i] = words[i].substring(0, words[i].length() - 1);
                }
            }
            return new Term(text, words, stems, weight);
        }

        int length() {
            return words.length;
        }

        boolean matches(List<String> text, int at) {
            if (at + words.length > text.size()) {
                return false;
            }
            for (int i = 0; i < words.length; i++) {
                String word = text.get(at + i);
                if (stems[i] ? !word.startsWith(words[i]) : !word.equals(words[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    private Lexicon() {}

    /** The one that lies beside this class. */
    static Lexicon load() {
        try (InputStream stream = Lexicon.class.getResourceAsStream("lexicon.tsv")) {
            if (stream == null) {
                throw new IllegalStateException("lexicon.tsv is missing beside " + Lexicon.class.getName());
            }
            return read(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException when a line is none of the above or comes twice */
    static Lexicon read(BufferedReader lines) throws IOException {
        Lexicon lexicon = new Lexicon();
        Set<String> seen = new HashSet<>();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\t");
            if (parts.length < 2 || !seen.add(parts[0] + "\t" + parts[1])) {
                throw new IllegalArgumentException("lexicon line " + number + " is malformed or doubled: " + line);
            }
            lexicon.add(parts, number);
        }
        lexicon.byFirstWord.values().forEach(Lexicon::longestFirst);
        lexicon.byFirstStem.values().forEach(Lexicon::longestFirst);
        return lexicon;
    }

    private void add(String[] parts, int line) {
        String term = parts[1];
        switch (parts[0]) {
            case "term" -> addTerm(Term.parse(term, Double.parseDouble(parts[2])));
            case "negate" -> negators.add(term);
            case "boost" -> boosters.add(term);
            case "hedge" -> hedges.add(term);
            case "explain" -> explainers.add(Term.parse(term, 0));
            case "asset" -> assets.put(term, parts[2]);
            default -> throw new IllegalArgumentException("lexicon line " + line + ": no kind " + parts[0]);
        }
    }

    private void addTerm(Term term) {
        if (term.stems()[0] && term.words()[0].length() < SHORTEST_STEM) {
            throw new IllegalArgumentException("the stem of '" + term.text() + "' is too short");
        }
        Map<String, List<Term>> index = term.stems()[0] ? byFirstStem : byFirstWord;
        index.computeIfAbsent(term.words()[0], first -> new ArrayList<>()).add(term);
    }

    private static void longestFirst(List<Term> terms) {
        terms.sort(Comparator.comparingInt(Term::length).reversed());
    }

    /** The longest term that begins at the given word, a whole word before a stem; empty when there is none. */
    Optional<Term> match(List<String> text, int at) {
        Term best = longest(byFirstWord.get(text.get(at)), text, at, null);
        String word = text.get(at);
        for (int end = word.length(); end >= SHORTEST_STEM; end--) {
            best = longest(byFirstStem.get(word.substring(0, end)), text, at, best);
        }
        return Optional.ofNullable(best);
    }

    private static Term longest(List<Term> candidates, List<String> text, int at, Term best) {
        if (candidates == null) {
            return best;
        }
        for (Term term : candidates) {
            if (best != null && term.length() <= best.length()) {
                return best;
            }
            if (term.matches(text, at)) {
                return term;
            }
        }
        return best;
    }

    boolean negates(String word) {
        return negators.contains(word);
    }

    boolean boosts(String word) {
        return boosters.contains(word);
    }

    boolean hedges(String word) {
        return hedges.contains(word);
    }

    /** Whether the text begins as texts begin that explain. */
    boolean explains(List<String> text) {
        return !text.isEmpty() && explainers.stream().anyMatch(beginning -> beginning.matches(text, 0));
    }

    /** Ticker of the coin of that lower-case name, or an empty text. */
    String asset(String name) {
        String ticker = assets.get(name);
        if (ticker == null && name.endsWith("s")) {
            ticker = assets.get(name.substring(0, name.length() - 1));
        }
        return ticker == null ? "" : ticker;
    }
}
