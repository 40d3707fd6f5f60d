package tickcast.http.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.LexiconScorer;
import tickcast.model.sentiment.NewsItem;
import tickcast.model.sentiment.SentimentScorer;

/** {@code sentiment}: scores headlines, one a line. */
@Command(
        name = "sentiment",
        description = "Scores headlines, one a line, and prints a JSON line for each. Symbols: those of SYMBOLS.",
        mixinStandardHelpOptions = true)
final class SentimentCommand implements Callable<Integer> {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "UTF-8 text; - or nothing reads standard input. Empty lines are skipped.")
    private Path file;

    private final JsonMapper json = new JsonMapper();
    private final SentimentScorer scorer = new LexiconScorer();

    @Override
    public Integer call() throws IOException {
        Settings settings = Settings.of(NodeConfig.load());
        boolean fromStandardInput = file.toString().equals("-");
        if (!fromStandardInput && !Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), "Invalid value for FILE: " + file + " can't be read");
        }
        if (fromStandardInput && System.console() != null) {
            spec.commandLine().getErr().println("Reading headlines, one a line, until the end of input (Ctrl-D).");
        }
        try (InputStream in = fromStandardInput ? System.in : Files.newInputStream(file)) {
            score(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)),
                    Set.copyOf(settings.symbols()));
        }
        return 0;
    }

    private void score(BufferedReader in, Set<Symbol> symbols) throws IOException {
        StandardOutput out = new StandardOutput(spec.commandLine().getOut());
        boolean first = true;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String title = first && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
            first = false;
            if (!title.isBlank()) {
                out.line(json(title, score(title, symbols)));
            }
            if (!in.ready()) {
                out.flush(); // whoever types sees the answer at once
            }
        }
    }

    private SentimentScorer.Score score(String title, Set<Symbol> symbols) {
        NewsItem item = new NewsItem("", "", title, "", "", Instant.EPOCH, Instant.EPOCH);
        return scorer.score(List.of(item), symbols).get(0);
    }

    private String json(String title, SentimentScorer.Score score) throws JsonProcessingException {
        ObjectNode line = json.createObjectNode();
        line.put("title", title);
        line.put("scorer", scorer.name());
        line.put("label", score.market().label());
        line.put("score", score.market().score());
        line.put("confidence", score.market().confidence());
        ObjectNode bySymbol = line.putObject("symbols");
        score.bySymbol()
                .forEach((symbol, opinion) -> bySymbol.putObject(symbol.name())
                        .put("score", opinion.score())
                        .put("confidence", opinion.confidence()));
        line.put("reason", score.reason());
        return json.writeValueAsString(line);
    }
}
