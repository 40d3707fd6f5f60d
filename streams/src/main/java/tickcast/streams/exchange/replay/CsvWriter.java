package tickcast.streams.exchange.replay;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tickcast.model.feature.FeatureSchema;

/**
 * Comma-separated values (RFC 4180) under one header. Nested values become columns of their own: a feature keeps its name,
 * the interval of coverage 0.8 becomes {@code low80} and {@code high80} ({@code inside80}). Records that don't fit the
 * header, such as vectors of an older schema, are left out.
 */
final class CsvWriter implements RowWriter {

    private static final List<String> INTERVAL_COLUMNS = List.of("80", "95");

    private final BufferedWriter out;
    private List<String> header = List.of();
    private Optional<Fields> example = Optional.empty();
    private long rows;

    CsvWriter(OutputStream out) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public void begin(Fields example) {
        this.example = Optional.of(example);
    }

    private void head(Fields fields) throws IOException {
        if (header.isEmpty()) {
            header = List.copyOf(row(fields).keySet());
            line(header);
        }
    }

    @Override
    public void write(Fields fields) throws IOException {
        if (fields.values().containsKey("values") && !isOfCurrentSchema(fields)) {
            return;
        }
        head(fields);
        Map<String, String> row = row(fields);
        line(header.stream().map(column -> row.getOrDefault(column, "")).toList());
        rows++;
    }

    private static boolean isOfCurrentSchema(Fields fields) {
        return fields.values()
                .get("schemaHash")
                .equals(Optional.of(FeatureSchema.current().hash()));
    }

    private static Map<String, String> row(Fields fields) {
        Map<String, String> row = new LinkedHashMap<>();
        fields.values().forEach((name, value) -> {
            if (name.equals("intervals")) {
                addIntervals(row, (List<?>) value.orElseThrow());
            } else if (value.isPresent() && value.get() instanceof Fields nested) {
                row.putAll(row(nested));
            } else {
                row.put(name, value.map(CsvWriter::text).orElse(""));
            }
        });
        return row;
    }

    /** Abstentions have no intervals but must have their columns. */
    private static void addIntervals(Map<String, String> row, List<?> intervals) {
        Map<String, Map<String, String>> byCoverage = new TreeMap<>();
        INTERVAL_COLUMNS.forEach(coverage -> byCoverage.put(coverage, Map.of()));
        for (Object interval : intervals) {
            Map<String, String> bounds = new LinkedHashMap<>(row((Fields) interval));
            BigDecimal coverage = new BigDecimal(bounds.remove("coverage"));
            byCoverage.put(percent(coverage), bounds);
        }
        byCoverage.forEach((coverage, bounds) -> {
            for (String bound : List.of("low", "high", "inside")) {
                if (!bound.equals("inside") || row.containsKey("scored")) {
                    row.put(bound + coverage, bounds.getOrDefault(bound, ""));
                }
            }
        });
    }

    private static String percent(BigDecimal coverage) {
        return coverage.movePointRight(2).stripTrailingZeros().toPlainString();
    }

    private static String text(Object value) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Object::toString).collect(Collectors.joining(" "));
        }
        return value.toString();
    }

    private void line(List<String> cells) throws IOException {
        List<String> quoted = new ArrayList<>(cells.size());
        for (String cell : cells) {
            boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            quoted.add(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
        }
        out.write(String.join(",", quoted));
        out.write('\n');
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        if (example.isPresent()) {
            head(example.get());
        }
        out.flush();
    }
}
