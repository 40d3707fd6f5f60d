package tickcast.model.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backtest found, by symbol and jointly. {@code skill} and {@code maeRatioScaled} are of errors divided by the
 * expected move (last price · σ√horizon); {@code mae} is in the quote asset, jointly in expected moves; Winkler and
 * pinball scores are in log price, against the empirical quantiles of the last day.
 */
public final class BacktestReport {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<Column> COLUMNS = List.of(
            new Column("count", "count", "%.0f", 1),
            new Column("MAE/naive", "maeRatioScaled", "%.4f", 1),
            new Column("skill", "skill", "%+.4f", 1),
            new Column("low", "skillLow", "%+.4f", 1),
            new Column("high", "skillHigh", "%+.4f", 1),
            new Column("DM p", "dmPValue", "%.4f", 1),
            new Column("direction", "directionAccuracy", "%.1f%%", 100),
            new Column("top 10%", "topDecileAccuracy", "%.1f%%", 100),
            new Column("inside 80", "coverage80", "%.1f%%", 100),
            new Column("inside 95", "coverage95", "%.1f%%", 100),
            new Column("Winkler80", "winklerRatio80", "%.3f", 1),
            new Column("Winkler95", "winklerRatio95", "%.3f", 1));

    /** A column of the table: a figure, times a factor. */
    private record Column(String heading, String figure, String format, double factor) {}

    private final int horizonMinutes;
    private final int models;
    private final int earned;
    private final Map<String, Map<String, Double>> symbols = new TreeMap<>();
    private final Map<String, Double> joint;
    private final double trainSeconds;
    private final double predictMicrosPerRow;

    /** @param models trained @param earned how many of them earned the right to speak */
    BacktestReport(
            int horizonMinutes,
            int models,
            int earned,
            Map<String, List<Outcome>> outcomes,
            double trainSeconds,
            double predictMicrosPerRow) {
        this.horizonMinutes = horizonMinutes;
        this.models = models;
        this.earned = earned;
        this.trainSeconds = trainSeconds;
        this.predictMicrosPerRow = predictMicrosPerRow;
        List<Outcome> all = new ArrayList<>();
        outcomes.forEach((symbol, own) -> {
            symbols.put(symbol, BacktestFigures.of(own, horizonMinutes, false));
            all.addAll(own);
        });
        all.sort(Comparator.comparingLong(Outcome::epochMinute));
        this.joint = BacktestFigures.of(all, horizonMinutes, true);
    }

    /** Figures by symbol name. */
    public Map<String, Map<String, Double>> symbols() {
        return Map.copyOf(symbols);
    }

    /** Figures of all symbols together. */
    public Map<String, Double> joint() {
        return Map.copyOf(joint);
    }

    /** One line of JSON; what could not be told has no key. */
    public String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("horizonMinutes", horizonMinutes);
        root.put("models", models);
        root.put("modelsThatEarnedIt", earned);
        root.set("symbols", JSON.valueToTree(symbols));
        root.set("joint", JSON.valueToTree(joint));
        put(root, "trainSeconds", trainSeconds);
        put(root, "predictMicrosPerRow", predictMicrosPerRow);
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a report can always be written", bug);
        }
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    /** A table for people, a row per symbol and one for all. */
    public String toTable() {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-10s", "symbol"));
        COLUMNS.forEach(column -> table.append(String.format(Locale.ROOT, "%10s", column.heading())));
        table.append('\n');
        symbols.forEach((symbol, figures) -> appendRow(table, symbol, figures));
        appendRow(table, "jointly", joint);
        return table.toString();
    }

    private static void appendRow(StringBuilder table, String name, Map<String, Double> figures) {
        table.append(String.format(Locale.ROOT, "%-10s", name));
        for (Column column : COLUMNS) {
            Double value = figures.get(column.figure());
            String text = value == null ? "–" : String.format(Locale.ROOT, column.format(), column.factor() * value);
            table.append(String.format(Locale.ROOT, "%10s", text));
        }
        table.append('\n');
    }
}
