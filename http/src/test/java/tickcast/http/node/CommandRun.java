package tickcast.http.node;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/** One run of the program within the test. @param out standard output @param err standard error */
record CommandRun(int exitCode, String out, String err) {

    private static final String DATA_DIRECTORY = "tickcast.data-directory";

    /** Runs as if DATA_DIRECTORY were set. */
    static CommandRun of(Path dataDirectory, String... args) {
        String before = System.getProperty(DATA_DIRECTORY);
        System.setProperty(DATA_DIRECTORY, dataDirectory.toString());
        try {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int exitCode = Main.commandLine()
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err))
                    .execute(Main.withDefaultCommand(args));
            return new CommandRun(exitCode, out.toString(), err.toString());
        } finally {
            if (before == null) {
                System.clearProperty(DATA_DIRECTORY);
            } else {
                System.setProperty(DATA_DIRECTORY, before);
            }
        }
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
