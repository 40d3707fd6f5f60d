package tickcast.model.sentiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A text cut into words for the lexicon: lower case, hyphens apart, apostrophes gone, amounts of money as {@code #money}
 * and percentages as {@code #percent}.
 *
 * @param words as the lexicon knows them
 * @param originals as they were written
 * @param clauses number of the clause that each word stands in
 * @param question whether it ends with a question mark
 * @param shouting whether it has no lower-case letter, so that capitals say nothing
 */
record Headline(List<String> words, List<String> originals, int[] clauses, boolean question, boolean shouting) {

    static final String MONEY = "#money";
    static final String PERCENT = "#percent";
    /** Beyond this nothing is read: a headline is short, and nobody shall make us work. */
    private static final int MOST_CHARACTERS = 2_000;

    /** The typewriter's, the typesetter's, and what is left of the latter where code pages were mixed up. */
    private static final String APOSTROPHES = "'\u2019\u0092\u02bc`";

    private static final Set<String> MAGNITUDES =
            Set.of("million", "billion", "trillion", "thousand", "m", "mn", "b", "bn", "k", "usd", "dollars");
    private static final Set<String> CLAUSE_WORDS = Set.of("while", "whereas", "but", "although", "though");

    static Headline of(String text) {
        String read = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
        return new Cutter(read).cut();
    }

    int size() {
        return words.size();
    }

    /** One pass over the characters. */
    private static final class Cutter {

        private final String text;
        private final List<String> words = new ArrayList<>();
        private final List<String> originals = new ArrayList<>();
        private final List<Integer> clauses = new ArrayList<>();
        private int position;
        private int clause;

        Cutter(String text) {
            this.text = text;
        }

        Headline cut() {
            while (position < text.length()) {
                char c = text.charAt(position);
                if (Character.isLetterOrDigit(c)) {
                    word();
                } else {
                    if (c == ';') {
                        clause++;
                    }
                    position++;
                }
            }
            int[] numbers = clauses.stream().mapToInt(Integer::intValue).toArray();
            boolean shouting = text.chars().noneMatch(Character::isLowerCase);
            return new Headline(words, originals, numbers, text.strip().endsWith("?"), shouting);
        }

        private void word() {
            int start = position;
            while (position < text.length() && continues(start)) {
                position++;
            }
            String original = text.substring(start, position);
            if (Character.isDigit(original.charAt(0))) {
                number(start, original);
            } else {
                String word = plain(original);
                if (CLAUSE_WORDS.contains(word)) {
                    clause++;
                }
                add(word, start > 0 && text.charAt(start - 1) == '$' ? "$" + original : original);
            }
        }

        private boolean continues(int start) {
            char c = text.charAt(position);
            if (Character.isLetterOrDigit(c)) {
                return true;
            }
            boolean inside = position > start
                    && position + 1 < text.length()
                    && Character.isLetterOrDigit(text.charAt(position + 1));
            boolean apostrophe = APOSTROPHES.indexOf(c) >= 0;
            boolean inNumber = (c == '.' || c == ',') && Character.isDigit(text.charAt(start));
            boolean initials = c == '.' && position == start + 1; // U.S.
            return inside && (apostrophe || inNumber || initials);
        }

        private void number(int start, String original) {
            char before = start > 0 ? text.charAt(start - 1) : ' ';
            char after = position < text.length() ? text.charAt(position) : ' ';
            if (before == '$' || before == '€' || before == '£' || before == '¥') {
                add(MONEY, original);
            } else if (after == '%') {
                add(PERCENT, original);
            } else {
                add(plain(original), original);
            }
        }

        private void add(String word, String original) {
            boolean magnitude = MAGNITUDES.contains(word)
                    && !words.isEmpty()
                    && words.get(words.size() - 1).equals(MONEY);
            if (!magnitude) {
                words.add(word);
                originals.add(original);
                clauses.add(clause);
            }
        }

        /** Lower case, without a possessive s and without apostrophes. */
        private static String plain(String original) {
            String lower = original.toLowerCase(Locale.ROOT);
            int apostrophe = lower.length() - 2;
            if (apostrophe > 0 && lower.endsWith("s") && APOSTROPHES.indexOf(lower.charAt(apostrophe)) >= 0) {
                return lower.substring(0, apostrophe);
            }
            StringBuilder letters = new StringBuilder(lower.length());
            lower.chars().filter(c -> APOSTROPHES.indexOf(c) < 0).forEach(c -> letters.append((char) c));
            return letters.toString();
        }
    }
}
