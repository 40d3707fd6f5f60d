package tickcast.http.node;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Shows how far long work has come, on standard error: one line that rewrites itself on a terminal, a plain line every
 * few seconds elsewhere. Silent for work shorter than two seconds. Single-threaded.
 */
final class Progress {

    private static final Duration SILENT_AT_FIRST = Duration.ofSeconds(2);
    private static final Duration ON_TERMINAL = Duration.ofMillis(200);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private final PrintWriter err;
    private final boolean terminal;
    private final InstantSource clock;
    private Instant next;
    private boolean lineOpen;

    Progress(PrintWriter err, boolean terminal, InstantSource clock) {
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
        this.next = clock.instant().plus(SILENT_AT_FIRST);
    }

    /** For the process's own terminal. */
    static Progress of(PrintWriter err) {
        return new Progress(err, System.console() != null, InstantSource.system());
    }

    /** As {@link #at(String)}, with the share that is done, 0–1. */
    void at(String phase, double share) {
        at(phase + " " + Math.round(100 * share) + " %");
    }

    /** Says where the work is; shown when it is time to. */
    void at(String text) {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(terminal ? ON_TERMINAL : ELSEWHERE);
        if (terminal) {
            err.print("\r\u001b[K" + text);
            lineOpen = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Clears the open line. */
    void done() {
        if (lineOpen) {
            err.print("\r\u001b[K");
            err.flush();
            lineOpen = false;
        }
    }
}
