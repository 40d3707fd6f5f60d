package tickcast.http.api;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.Performance;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.market.Symbol;

/** Scores of a symbol, or of all together, over windows that end at the newest candle. */
final class PerformanceEndpoints {

    private static final String DEFAULT_WINDOWS = "1h,24h,7d";
    private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_WINDOWS = 6;
    private static final String ALLOWED =
            "up to " + MOST_WINDOWS + " of forms like 30m, 1h, 7d, comma-separated, at most 30d";
    private static final int REMEMBERED = 64;
    private static final String ALL = "*";
    private static final String EXPECTED_MOVES = "sigma";

    private final Symbols symbols;
    private final Archive archive;
    private final LiveView live;
    private final InstantSource clock;
    private final Executor executor;
    /** Answers of the current minute: everybody asks the same. */
    private final Map<Question, CompletableFuture<byte[]>> answered = new ConcurrentHashMap<>();

    private record Window(String name, Duration length) {}

    private record Question(List<Symbol> symbols, boolean pooled, List<Window> windows, Instant end) {}

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
        Instant end = live.marketTime().equals(Instant.EPOCH)
                ? tickcast.model.market.Times.minuteOf(clock.instant())
                : live.marketTime();
        boolean pooled = !call.path().containsKey("symbol");
        Question question =
                new Question(asked, pooled, windows(call.parameter("window").orElse(DEFAULT_WINDOWS)), end);
        if (answered.size() > REMEMBERED
                || answered.keySet().stream().anyMatch(key -> !key.end().equals(end))) {
            answered.clear();
        }
        return answered.computeIfAbsent(question, key -> compute(key).toCompletableFuture())
                .whenComplete((body, failure) -> {
                    if (failure != null) {
                        answered.remove(question);
                    }
                })
                .thenApply(Answers::json);
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

    private CompletionStage<byte[]> compute(Question question) {
        Duration longest = question.windows().stream()
                .map(Window::length)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Page page = Page.all(
                question.end().minus(longest).plusMillis(1), question.end().plusMillis(1));
        CompletionStage<List<PredictionError>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Symbol symbol : question.symbols()) {
            all = all.thenCompose(list -> archive.allErrors(symbol, page).thenApply(found -> {
                list.addAll(found);
                return list;
            }));
        }
        return all.thenApplyAsync(errors -> Json.bytes(out -> write(out, question, errors)), executor);
    }

    private void write(JsonGenerator out, Question question, List<PredictionError> errors) throws IOException {
        out.writeStartObject();
        out.writeStringField(
                "symbol", question.pooled() ? ALL : question.symbols().get(0).name());
        out.writeStringField("source", live.records().source());
        out.writeArrayFieldStart("data");
        for (Window window : question.windows()) {
            writeWindow(out, window, question.end(), errors);
        }
        out.writeEndArray();
        out.writeNullField("next");
        out.writeEndObject();
    }

    /** The window is {@code (from, to]}: the newest outcome belongs to it. */
    private static void writeWindow(JsonGenerator out, Window window, Instant end, List<PredictionError> errors)
            throws IOException {
        Instant from = end.minus(window.length());
        List<PredictionError> inside = errors.stream()
                .filter(error -> error.prediction().targetTime().isAfter(from))
                .toList();
        List<PredictionError> published =
                inside.stream().filter(error -> error.prediction().published()).toList();
        out.writeStartObject();
        out.writeStringField("window", window.name());
        Json.time(out, "from", from);
        Json.time(out, "to", end);
        out.writeFieldName("overall");
        writeScore(out, scoreboard(published, from, end).overall(), unit(published));
        out.writeArrayFieldStart("models");
        for (Performance model : scoreboard(inside, from, end).byModel()) {
            writeScore(out, model, unit(inside));
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static Scoreboard scoreboard(List<PredictionError> errors, Instant from, Instant end) {
        return Scoreboard.of(errors, from.plusMillis(1), end.plusMillis(1));
    }

    /** As {@link Scoreboard} counts: several symbols in units of the move that volatility led to expect. */
    private static String unit(List<PredictionError> errors) {
        List<Symbol> symbols = errors.stream()
                .map(error -> error.prediction().symbol())
                .distinct()
                .limit(2)
                .toList();
        return symbols.size() == 1 ? symbols.get(0).quote() : EXPECTED_MOVES;
    }

    private static void writeScore(JsonGenerator out, Performance score, String unit) throws IOException {
        out.writeStartObject();
        out.writeStringField("modelVersion", score.modelVersion());
        out.writeStringField("unit", unit);
        out.writeNumberField("count", score.count());
        out.writeNumberField("unscored", score.unscored());
        Json.number(out, "mae", score.mae());
        Json.number(out, "naiveMae", score.naiveMae());
        Json.number(out, "skill", score.skill());
        Json.number(out, "skillLow", score.skillLow());
        Json.number(out, "skillHigh", score.skillHigh());
        out.writeNumberField("directionCount", score.directionCount());
        Json.number(out, "directionAccuracy", score.directionAccuracy());
        out.writeArrayFieldStart("intervals");
        for (Performance.IntervalPerformance interval : score.intervals()) {
            out.writeStartObject();
            Json.number(out, "coverage", interval.coverage());
            Json.number(out, "observed", interval.actualCoverage());
            Json.number(out, "width", interval.meanWidth());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
