package tickcast.http.node;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import tickcast.model.market.Times;
import tickcast.model.training.BacktestDetails;
import tickcast.model.training.BacktestReport;

/** A backtest's report as one page that needs nothing else: table and charts, light and dark. */
final class BacktestPage {

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2430; --soft: #667085; --line: #e3e6ec; --paper: #fff;
              --good: #12805c; --bad: #c2412d; --mark: #2f6fdd; --second: #b7791f; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #97a1b3; --line: #2a3242;
              --paper: #12161f; --good: #3fbf8f; --bad: #ef7d68; --mark: #6ea4ff; --second: #e0b050; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
              max-width: 1120px; padding: 0 1rem; }
            h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; }
            p { margin: .3rem 0; } .soft, figcaption { color: var(--soft); font-size: .88rem; }
            .verdict { font-size: 1.05rem; margin: 1rem 0; } .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: right; padding: .35rem .5rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th:first-child, td:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 500; }
            tbody tr:last-child { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); }
            figure { margin: 0; } svg { width: 100%; height: auto; display: block; }
            svg text { fill: var(--soft); font-size: 12px; } svg .value { text-anchor: end; }
            svg .slot { text-anchor: middle; } svg .grid { stroke: var(--line); }
            svg .level { stroke: var(--soft); stroke-dasharray: 5 4; } svg .whisker { stroke: var(--mark); stroke-width: 2; }
            svg .mark { fill: var(--mark); } svg .second { fill: var(--second); }
            svg .good { fill: var(--good); } svg .bad { fill: var(--bad); }
            """;

    /** A column of the table. */
    private record Column(String heading, String figure, String format, double factor) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("predictions", "count", "%,.0f", 1),
            new Column("MAE / naive", "maeRatioScaled", "%.4f", 1),
            new Column("skill", "skill", "%+.4f", 1),
            new Column("low", "skillLow", "%+.4f", 1),
            new Column("high", "skillHigh", "%+.4f", 1),
            new Column("DM p", "dmPValue", "%.4f", 1),
            new Column("direction", "directionAccuracy", "%.1f %%", 100),
            new Column("top tenth", "topDecileAccuracy", "%.1f %%", 100));

    private final List<Path> directories;
    private final BacktestReport report;
    private final SortedMap<String, Map<String, Double>> symbols;

    /** @param directories of the histories, in the order of the report's periods */
    BacktestPage(List<Path> directories, BacktestReport report) {
        this.directories = List.copyOf(directories);
        this.report = report;
        this.symbols = new TreeMap<>(report.symbols());
    }

    String html() {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Tickcast backtest</title>
                <style>
                """ + STYLE + "</style>\n</head>\n<body>\n" + head() + table() + charts() + "</body>\n</html>\n";
    }

    private String head() {
        StringBuilder periods = new StringBuilder();
        for (int i = 0; i < directories.size(); i++) {
            BacktestReport.Period period = report.periods().get(i);
            periods.append("<p class=\"soft\">")
                    .append(SvgChart.escape(directories.get(i).toString()))
                    .append(": ")
                    .append(minute(period.from()))
                    .append(" to ")
                    .append(minute(period.to()))
                    .append(" UTC; ")
                    .append(SvgChart.escape(how(period)))
                    .append("</p>\n");
        }
        return "<h1>Backtest</h1>\n" + periods + "<p class=\"verdict\">"
                + SvgChart.escape(BacktestCommand.verdict(report.joint())) + "</p>\n";
    }

    private static String how(BacktestReport.Period period) {
        return period.pinned().isEmpty()
                ? "trained on the part before " + minute(period.testedFrom())
                        + ", then predicted minute by minute and trained anew again and again."
                : "predicted minute by minute by model " + period.pinned() + ", judged from "
                        + minute(period.testedFrom()) + " on.";
    }

    private static String minute(Instant time) {
        return Times.iso(time).substring(0, 16);
    }

    private String table() {
        StringBuilder table = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr><th>symbol</th>");
        columns()
                .forEach(column -> table.append("<th>").append(column.heading()).append("</th>"));
        table.append("</tr></thead>\n<tbody>\n");
        symbols.forEach((symbol, figures) -> row(table, symbol, figures));
        row(table, "jointly", report.joint());
        return table.append("</tbody></table></div>\n")
                .append(
                        "<p class=\"soft\">Naive: the price stays as it is. Skill: 1 − MAE/naive, errors in expected moves;")
                .append(
                        " low and high: its 95 % interval. DM p: Diebold–Mariano test. Top tenth: direction of the most")
                .append(" confident tenth. Winkler: interval score against the last day's quantiles, below 1 is")
                .append(" better.</p>\n")
                .toString();
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>(COLUMNS);
        report.percents()
                .forEach(percent ->
                        columns.add(new Column("in " + percent + " %", "coverage" + percent, "%.1f %%", 100)));
        report.percents()
                .forEach(percent -> columns.add(new Column("Winkler " + percent, "winklerRatio" + percent, "%.3f", 1)));
        return columns;
    }

    private void row(StringBuilder table, String name, Map<String, Double> figures) {
        table.append("<tr><td>").append(SvgChart.escape(name)).append("</td>");
        for (Column column : columns()) {
            Double value = figures.get(column.figure());
            String text = value == null ? "–" : String.format(Locale.ROOT, column.format(), column.factor() * value);
            table.append("<td>").append(text).append("</td>");
        }
        table.append("</tr>\n");
    }

    private String charts() {
        return figure(
                        "Skill by symbol",
                        "Dots, with 95 % intervals. Above the dashed line: better than naive.",
                        skill())
                + figure(
                        "Skill by day",
                        "All symbols together, by UTC day of the as-of. The first and last day may be short.",
                        days())
                + figure(
                        "Do the intervals hold?",
                        "Share of prices inside the interval by UTC hour, against what was promised (dashed).",
                        hours())
                + figure(
                        "Is it right when it is sure?",
                        "Share of right directions by tenth of confidence, the surest on the right; dashed: a coin.",
                        deciles())
                + figure(
                        "Are its probabilities right?",
                        "Share of rises less the probability said, by tenth of that probability; a price that stayed"
                                + " counts as half a rise.",
                        probabilities())
                + importance();
    }

    private static String figure(String title, String caption, String chart) {
        return "<h2>" + title + "</h2>\n<figure>" + chart + "<figcaption>" + caption + "</figcaption></figure>\n";
    }

    private String skill() {
        List<String> names = new ArrayList<>(symbols.keySet());
        List<Map<String, Double>> all = new ArrayList<>(symbols.values());
        names.add("jointly");
        all.add(report.joint());
        SvgChart chart = new SvgChart(
                "Skill by symbol",
                Math.min(0, ends(all, "skillLow").min().orElse(0)),
                Math.max(0, ends(all, "skillHigh").max().orElse(0)),
                names.size(),
                "%+.4f");
        chart.level(0);
        for (int i = 0; i < all.size(); i++) {
            Map<String, Double> figures = all.get(i);
            chart.label(i, names.get(i));
            if (figures.containsKey("skill")) {
                double skill = figures.get("skill");
                chart.whisker(i, figures.getOrDefault("skillLow", skill), figures.getOrDefault("skillHigh", skill));
                chart.dot("mark", i, skill, String.format(Locale.ROOT, "%s: %+.4f", names.get(i), skill));
            }
        }
        return chart.svg();
    }

    private static DoubleStream ends(List<Map<String, Double>> figures, String name) {
        return figures.stream().filter(own -> own.containsKey(name)).mapToDouble(own -> own.get(name));
    }

    private String days() {
        List<Map<String, Double>> days = report.jointDetails().byDay();
        double[] sorted =
                days.stream().mapToDouble(BacktestPage::skillOf).sorted().toArray();
        SvgChart chart = new SvgChart(
                "Skill by day",
                sorted.length == 0 ? 0 : Math.min(0, sorted[0]),
                sorted.length == 0 ? 0 : Math.max(0, sorted[sorted.length - 1]),
                days.size(),
                "%+.4f");
        chart.level(0);
        int every = Math.max(1, days.size() / 10);
        for (int slot = 0; slot < days.size(); slot++) {
            String date = BacktestDetails.date(days.get(slot)).toString();
            double skill = skillOf(days.get(slot));
            if (slot % every == 0) {
                chart.label(slot, date.substring(5));
            }
            chart.bar(
                    skill >= 0 ? "good" : "bad", slot, 0, skill, String.format(Locale.ROOT, "%s: %+.4f", date, skill));
        }
        return chart.svg();
    }

    private static double skillOf(Map<String, Double> day) {
        return 1 - day.get("maeRatioScaled");
    }

    private String hours() {
        List<Map<String, Double>> hours = report.jointDetails().byHour();
        List<String> percents = report.percents();
        double low = percents.stream()
                .flatMap(percent -> ends(hours, "coverage" + percent).boxed())
                .min(Double::compare)
                .orElse(0.0);
        SvgChart chart = new SvgChart("Inside the interval by hour", Math.min(0.7, low), 1, 24, "%.2f");
        for (String percent : percents) {
            chart.level(Integer.parseInt(percent) / 100.0);
            for (Map<String, Double> hour : hours) {
                Double share = hour.get("coverage" + percent);
                if (share != null) {
                    int slot = hour.get("hour").intValue();
                    String hint = String.format(Locale.ROOT, "%02d:00, %s %%: %.1f %%", slot, percent, 100 * share);
                    chart.dot(percent.equals(percents.get(0)) ? "mark" : "second", slot, share, hint);
                }
            }
        }
        for (int hour = 0; hour < 24; hour += 3) {
            chart.label(hour, String.format(Locale.ROOT, "%02d:00", hour));
        }
        return chart.svg();
    }

    private String deciles() {
        return curve(
                "Right directions by confidence",
                report.jointDetails().confidenceDeciles(),
                row -> row.get("accuracy"),
                row -> String.format(
                        Locale.ROOT,
                        "%.1f %% from even: %.1f %% right",
                        100 * row.get("confidence"),
                        100 * row.get("accuracy")),
                0.5);
    }

    private String probabilities() {
        return curve(
                "Rises by what was said",
                report.jointDetails().probabilityCurve(),
                row -> row.get("up") - row.get("probability"),
                row -> String.format(
                        Locale.ROOT, "said %.1f %%, came %.1f %%", 100 * row.get("probability"), 100 * row.get("up")),
                0);
    }

    private static String curve(
            String title,
            List<Map<String, Double>> rows,
            ToDoubleFunction<Map<String, Double>> value,
            Function<Map<String, Double>, String> hint,
            double level) {
        double low = rows.stream().mapToDouble(value).min().orElse(level);
        double high = rows.stream().mapToDouble(value).max().orElse(level);
        SvgChart chart = new SvgChart(title, Math.min(level, low), Math.max(level, high), rows.size(), "%+.3f");
        chart.level(level);
        for (int slot = 0; slot < rows.size(); slot++) {
            chart.label(slot, Integer.toString(slot + 1));
            chart.dot("mark", slot, value.applyAsDouble(rows.get(slot)), hint.apply(rows.get(slot)));
        }
        return chart.svg();
    }

    private String importance() {
        StringBuilder lists = new StringBuilder("<h2>What the forecasts lean on</h2>\n");
        lists.append(leaders("The price", report.priceImportance()));
        lists.append(leaders("The size of moves", report.scaleImportance()));
        Double ratio = report.jointCourse().get("maeRatioScaled");
        if (ratio != null) {
            lists.append(String.format(
                    Locale.ROOT,
                    "<p class=\"soft\">For comparison, the recipe of the courses (absolute price from raw indicators) errs"
                            + " %.2f times as much as naive.</p>\n",
                    ratio));
        }
        return lists.toString();
    }

    private static String leaders(String what, Map<String, Double> shares) {
        String names = shares.entrySet().stream()
                .limit(12)
                .map(entry -> String.format(Locale.ROOT, "%s %.1f %%", entry.getKey(), 100 * entry.getValue()))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "<p>" + what + ": " + SvgChart.escape(names) + ".</p>\n";
    }
}
