package tickcast.model.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.market.Times;

/** A backtest's report as JSON and as a table. */
final class BacktestText {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<Column> COLUMNS = List.of(
            new Column("count", "count", "%.0f", 1),
            new Column("MAE/naive", "maeRatioScaled", "%.4f", 1),
            new Column("skill", "skill", "%+.4f", 1),
            new Column("low", "skillLow", "%+.4f", 1),
            new Column("high", "skillHigh", "%+.4f", 1),
            new Column("DM p", "dmPValue", "%.4f", 1),
            new Column("direction", "directionAccuracy", "%.1f%%", 100),
            new Column("top 10%", "topDecileAccuracy", "%.1f%%", 100));

    private BacktestText() {}

    /** A column of the table: a figure, times a factor. */
    private record Column(String heading, String figure, String format, double factor) {}

    static String json(BacktestReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("horizonMinutes", report.horizonMinutes());
        root.put("models", report.models());
        root.put("modelsThatEarnedIt", report.earned());
        ObjectNode symbols = root.putObject("symbols");
        new TreeMap<>(report.symbols())
                .forEach((symbol, figures) -> symbols.set(
                        symbol,
                        figures(
                                figures,
                                report.details().get(symbol),
                                report.course().get(symbol))));
        root.set("joint", figures(report.joint(), report.jointDetails(), report.jointCourse()));
        put(root, "trainSeconds", report.trainSeconds());
        put(root, "predictMicrosPerRow", report.predictMicrosPerRow());
        ObjectNode importance = root.putObject("featureImportance");
        importance.set("price", JSON.valueToTree(report.priceImportance()));
        importance.set("scale", JSON.valueToTree(report.scaleImportance()));
        root.set("histories", histories(report));
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a report can always be written", bug);
        }
    }

    private static ObjectNode figures(
            Map<String, Double> figures, BacktestDetails details, Map<String, Double> course) {
        ObjectNode node = JSON.valueToTree(new TreeMap<>(figures));
        if (course != null && !course.isEmpty()) {
            node.set("courseRecipe", JSON.valueToTree(new TreeMap<>(course)));
        }
        node.set("confidenceDeciles", JSON.valueToTree(details.confidenceDeciles()));
        node.set("probabilityCurve", JSON.valueToTree(details.probabilityCurve()));
        node.set("byHour", JSON.valueToTree(details.byHour()));
        node.set("byDay", days(details.byDay()));
        node.set("worstDays", days(details.worstDays()));
        return node;
    }

    private static ArrayNode days(List<Map<String, Double>> days) {
        ArrayNode nodes = JSON.createArrayNode();
        for (Map<String, Double> day : days) {
            ObjectNode node = JSON.valueToTree(day);
            node.put("day", BacktestDetails.date(day).toString());
            nodes.add(node);
        }
        return nodes;
    }

    /** What was walked through; with several, each one's own figures. */
    private static ArrayNode histories(BacktestReport report) {
        ArrayNode nodes = JSON.createArrayNode();
        for (BacktestRun run : report.runs()) {
            ObjectNode node = nodes.addObject();
            node.put("from", Times.iso(run.from()));
            node.put("testedFrom", Times.iso(run.testedFrom()));
            node.put("to", Times.iso(run.to()));
            node.put("models", run.models().models());
            if (!run.models().pinned().isEmpty()) {
                node.put("pinnedModel", run.models().pinned());
            }
            if (report.runs().size() > 1) {
                BacktestReport own = new BacktestReport(report.horizonMinutes(), List.of(run));
                node.set("symbols", JSON.valueToTree(new TreeMap<>(own.symbols())));
                node.set("joint", JSON.valueToTree(new TreeMap<>(own.joint())));
            }
        }
        return nodes;
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    static String table(BacktestReport report) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-10s", "symbol"));
        List<Column> columns = columns(report);
        columns.forEach(column -> table.append(String.format(Locale.ROOT, "%10s", column.heading())));
        table.append('\n');
        new TreeMap<>(report.symbols()).forEach((symbol, figures) -> appendRow(table, columns, symbol, figures));
        appendRow(table, columns, "jointly", report.joint());
        return table.toString();
    }

    private static List<Column> columns(BacktestReport report) {
        List<Column> columns = new ArrayList<>(COLUMNS);
        report.percents()
                .forEach(percent -> columns.add(new Column("inside " + percent, "coverage" + percent, "%.1f%%", 100)));
        report.percents()
                .forEach(percent -> columns.add(new Column("Winkler" + percent, "winklerRatio" + percent, "%.3f", 1)));
        return columns;
    }

    private static void appendRow(StringBuilder table, List<Column> columns, String name, Map<String, Double> figures) {
        table.append(String.format(Locale.ROOT, "%-10s", name));
        for (Column column : columns) {
            Double value = figures.get(column.figure());
            String text = value == null ? "–" : String.format(Locale.ROOT, column.format(), column.factor() * value);
            table.append(String.format(Locale.ROOT, "%10s", text));
        }
        table.append('\n');
    }
}
