package tickcast.http.node;

import java.util.Optional;

/** Ends this process when the one that started it ends, so that stopping Maven never leaves an orphan. */
final class ParentWatch {

    private static final String SWITCH = "tickcast.exit-with-parent";

    private ParentWatch() {}

    /** Watches the parent when the run profile asked for it. Shutdown hooks run as on Ctrl-C. */
    static void begin() {
        if (Boolean.getBoolean(SWITCH)) {
            Optional<ProcessHandle> parent = ProcessHandle.current().parent();
            parent.ifPresent(process -> process.onExit().thenRun(() -> System.exit(0)));
        }
    }
}
