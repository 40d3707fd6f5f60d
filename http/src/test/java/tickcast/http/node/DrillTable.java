package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what a drill has shown, one row each. */
final class DrillTable {

    private DrillTable() {}

    static void row(String what, String wanted, String seen, Object... figures) {
        System.out.printf(Locale.ROOT, "| %s | %s | %s |%n", what, wanted, String.format(Locale.ROOT, seen, figures));
    }

    /** Fails with the first differences. Returns how many records were compared. */
    static int assertSame(String what, Map<String, String> wanted, Map<String, String> seen) {
        List<String> differences = Kept.differences(wanted, seen);
        assertTrue(
                differences.isEmpty(),
                () -> what + ": " + differences.size() + " of " + wanted.size() + " differ, such as\n"
                        + String.join("\n", differences.subList(0, Math.min(3, differences.size()))));
        assertTrue(!wanted.isEmpty(), () -> what + ": nothing was compared");
        return wanted.size();
    }
}
