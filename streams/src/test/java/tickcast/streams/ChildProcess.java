package tickcast.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A server process that dies with this JVM, however that ends: a shell holds the other end of a pipe and kills the server
 * when the pipe breaks.
 */
public final class ChildProcess {

    private static final long LAST_WORDS_SECONDS = 15;

    private final Process process;
    private final Process watchdog;

    private ChildProcess(Process process, Process watchdog) {
        this.process = process;
        this.watchdog = watchdog;
    }

    /** @param log takes both outputs of the process, at the end of what it holds */
    public static ChildProcess start(ProcessBuilder builder, Path log) {
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Process watchdog = new ProcessBuilder("sh", "-c", "read end; kill -KILL " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new ChildProcess(process, watchdog);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for its own end. @throws IllegalStateException when it ended badly */
    public void awaitEnd() {
        int code = process.onExit().join().exitValue();
        watchdog.destroyForcibly();
        if (code != 0) {
            throw new IllegalStateException("a child process ended with " + code);
        }
    }

    /** SIGTERM, and SIGKILL when that does not help; waits until it is gone. */
    public void stop() {
        signal("CONT");
        process.destroy();
        if (!ended()) {
            process.destroyForcibly();
        }
        process.onExit().join();
        watchdog.destroyForcibly();
    }

    private boolean ended() {
        try {
            return process.waitFor(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGKILL; waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
        watchdog.destroyForcibly();
    }

    /** SIGSTOP: it goes on existing and answers nothing. */
    public void suspend() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        if (!process.isAlive()) {
            return;
        }
        try {
            int code = new ProcessBuilder("kill", "-" + name.toUpperCase(Locale.ROOT), Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join()
                    .exitValue();
            if (code != 0 && process.isAlive()) {
                throw new IllegalStateException("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of a log, for messages. */
    public static String tail(Path log) {
        try {
            String all = Files.exists(log) ? Files.readString(log) : "";
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            return "the log " + log + " can't be read: " + e;
        }
    }
}
