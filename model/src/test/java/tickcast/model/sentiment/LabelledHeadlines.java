package tickcast.model.sentiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import tickcast.model.market.Symbol;

/** Headlines with human labels, and how well something agrees with them. */
record LabelledHeadlines(List<Labelled> headlines) {

    record Labelled(int id, String title, int label) {}

    /** @param accuracy share that agrees @param macroF1 mean over the three classes @param confusion [label + 1][said + 1] */
    record Agreement(double accuracy, double macroF1, int[][] confusion) {}

    static Path file() {
        return Path.of(System.getProperty("tickcast.root", ".."))
                .resolve("../shared/data/news/crypto-headlines-labelled.csv");
    }

    static LabelledHeadlines read(IntPredicate ids) throws IOException {
        List<Labelled> headlines = new ArrayList<>();
        for (String line : Files.readAllLines(file(), StandardCharsets.UTF_8)) {
            if (Character.isDigit(line.charAt(0))) {
                int first = line.indexOf(',');
                int second = line.indexOf(',', first + 1);
                int last = line.lastIndexOf(',');
                int id = Integer.parseInt(line.substring(0, first));
                String title = line.substring(second + 1, last);
                boolean quoted = title.startsWith("\"");
                String plain = quoted ? title.substring(1, title.length() - 1).replace("\"\"", "\"") : title;
                if (ids.test(id)) {
                    headlines.add(new Labelled(
                            id, plain, Integer.parseInt(line.substring(last + 1).strip())));
                }
            }
        }
        return new LabelledHeadlines(headlines);
    }

    static NewsItem item(String title) {
        return new NewsItem(title, "test", title, "", "", Instant.EPOCH, Instant.EPOCH);
    }

    /** Compares the scorer's market-wide label with the human one. */
    Agreement agreement(SentimentScorer scorer) {
        return agreement(headline -> scorer.score(List.of(item(headline.title())), Set.<Symbol>of())
                .get(0)
                .market()
                .label());
    }

    Agreement agreement(ToIntFunction<Labelled> said) {
        int[][] confusion = new int[3][3];
        for (Labelled headline : headlines) {
            confusion[headline.label() + 1][said.applyAsInt(headline) + 1]++;
        }
        double right = 0;
        double f1 = 0;
        for (int c = 0; c < 3; c++) {
            int labelled = confusion[c][0] + confusion[c][1] + confusion[c][2];
            int called = confusion[0][c] + confusion[1][c] + confusion[2][c];
            right += confusion[c][c];
            f1 += labelled + called == 0 ? 0 : 2.0 * confusion[c][c] / (labelled + called) / 3;
        }
        return new Agreement(right / headlines.size(), f1, confusion);
    }
}
