package tickcast.http.api;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * Scores of a symbol, or of all together, over windows that end at the newest candle. Those of all together come from the
 * archive's {@link Archive#errorTotals totals}; a single symbol's, those by symbol and duels need every error, which is read.
 */
final class PerformanceEndpoints {

    private static final String DEFAULT_WINDOWS = "1h,24h,7d";
    private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_WINDOWS = 6;
    private static final String ALLOWED =
            "up to " + MOST_WINDOWS + " of forms like 30m, 1h, 7d, comma-separated, at most 30d";
    private static final String ALL = "*";
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}|naive");

    private final Symbols symbols;
    private final Archive archive;
    private final LiveView live;
    private final InstantSource clock;
    private final Executor executor;
    /** Everybody asks the same. */
    private final RememberedAnswers<Question> answered = new RememberedAnswers<>();

    /** What a window can be taken apart by. */
    private enum Group {
        SYMBOL,
        HOUR
    }

    private record Window(String name, Duration length) {}

    /** @param pooled whether all symbols together were asked for @param against version that the others are compared with, or empty */
    private record Question(
            List<Symbol> symbols, boolean pooled, List<Window> windows, Set<Group> groups, String against) {}

    /** @param executor where scores are reckoned: not the archive's own threads */
    PerformanceEndpoints(Symbols symbols, Archive archive, LiveView live, InstantSource clock, Executor executor) {
        this.symbols = symbols;
        this.archive = archive;
        this.live = live;
        this.clock = clock;
        this.executor = executor;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.read("/api/v1/performance", call -> answer(call, symbols.all())),
                Endpoint.read(
                        "/api/v1/symbols/{symbol}/performance",
                        call -> answer(call, List.of(symbols.known(call.pathParameter("symbol"))))));
    }

    private CompletionStage<HttpResponse> answer(Call call, List<Symbol> asked) {
        Instant end = live.marketTime().equals(Instant.EPOCH) ? Times.minuteOf(clock.instant()) : live.marketTime();
        Question question = new Question(
                asked,
                !call.path().containsKey("symbol"),
                windows(call.parameter("window").orElse(DEFAULT_WINDOWS)),
                groups(call),
                against(call));
        return answered.answer(question, end, () -> compute(question, end)).thenApply(Answers::json);
    }

    private static Set<Group> groups(Call call) {
        String text = call.parameter("by").orElse("");
        Set<Group> groups = EnumSet.noneOf(Group.class);
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            groups.add(Stream.of(Group.values())
                    .filter(group -> group.name().toLowerCase(Locale.ROOT).equals(part.strip()))
                    .findFirst()
                    .orElseThrow(() -> Problem.parameter("by", text, "symbol, hour, or both comma-separated")));
        }
        return groups;
    }

    private static String against(Call call) {
        return call.parameter("against")
                .map(text -> {
                    if (!VERSION.matcher(text).matches()) {
                        throw Problem.parameter("against", text, "a model version, or naive");
                    }
                    return text;
                })
                .orElse("");
    }

    private static List<Window> windows(String text) {
        List<Window> windows = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = WINDOW.matcher(part.strip());
            if (!matcher.matches()) {
                throw Problem.parameter("window", text, ALLOWED);
            }
            long count = Long.parseLong(matcher.group(1));
            Duration length = switch (matcher.group(2)) {
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            windows.add(new Window(part.strip(), length));
        }
        if (windows.size() > MOST_WINDOWS
                || windows.stream().anyMatch(w -> w.length().compareTo(LONGEST) > 0)) {
            throw Problem.parameter("window", text, ALLOWED);
        }
        return windows;
    }

    private CompletionStage<byte[]> compute(Question question, Instant end) {
        boolean errorsNeeded = question.symbols().size() == 1
                || question.groups().contains(Group.SYMBOL)
                || !question.against().isEmpty();
        return errorsNeeded
                ? ofErrors(question, end)
                : archive.errorTotals(question.symbols(), start(question, end), end.plusMillis(1))
                        .thenCompose(totals -> ofTotals(question, end, totals));
    }

    private static Instant start(Question question, Instant end) {
        Duration longest = question.windows().stream()
                .map(Window::length)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return end.minus(longest).plusMillis(1);
    }

    private CompletionStage<byte[]> ofTotals(Question question, Instant end, ErrorTotals totals) {
        boolean told = question.windows().stream()
                .noneMatch(window -> Scores.isOfOneSymbol(totals, end.minus(window.length())));
        return told
                ? CompletableFuture.supplyAsync(
                        () -> Json.bytes(out -> write(
                                out,
                                question,
                                end,
                                from -> writeScores(out, question, Scores.ofTotals(totals, from, end)))),
                        executor)
                : ofErrors(question, end);
    }

    private CompletionStage<byte[]> ofErrors(Question question, Instant end) {
        Page page = Page.all(start(question, end), end.plusMillis(1));
        CompletionStage<List<PredictionError>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Symbol symbol : question.symbols()) {
            all = all.thenCompose(list -> archive.allErrors(symbol, page).thenApply(found -> {
                list.addAll(found);
                return list;
            }));
        }
        return all.thenApplyAsync(
                errors -> Json.bytes(out -> write(
                        out, question, end, from -> writeErrors(out, question, new ErrorScores(errors, from, end)))),
                executor);
    }

    /** Writes what there is to say of the window that begins there. */
    @FunctionalInterface
    private interface WindowWriter {
        void write(Instant from) throws IOException;
    }

    private void write(JsonGenerator out, Question question, Instant end, WindowWriter scores) throws IOException {
        out.writeStartObject();
        out.writeStringField(
                "symbol", question.pooled() ? ALL : question.symbols().get(0).name());
        out.writeStringField("source", live.records().source());
        out.writeArrayFieldStart("data");
        for (Window window : question.windows()) {
            out.writeStartObject();
            out.writeStringField("window", window.name());
            scores.write(end.minus(window.length()));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNullField("next");
        out.writeEndObject();
    }

    private static void writeScores(JsonGenerator out, Question question, Scores scores) throws IOException {
        scores.overall(out);
        if (question.groups().contains(Group.HOUR)) {
            scores.byHour(out);
        }
    }

    private static void writeErrors(JsonGenerator out, Question question, ErrorScores errors) throws IOException {
        writeScores(out, question, errors.scores());
        if (question.groups().contains(Group.SYMBOL)) {
            errors.bySymbol(out);
        }
        if (!question.against().isEmpty()) {
            errors.duels(out, question.against());
        }
    }
}
