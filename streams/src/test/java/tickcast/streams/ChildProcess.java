package tickcast.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server process that dies with this JVM, however that ends: a shell holds the other end of a pipe and kills the server
 * when the pipe breaks.
 */
public final class ChildProcess {

    private static final Duration LAST_WORDS = Duration.ofSeconds(15);

    private static final Duration LONGEST_ERRAND = Duration.ofMinutes(1);

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

    /** Waits for its own end, a minute long. @throws IllegalStateException when it ended badly or not at all */
    public void awaitEnd() {
        if (!endedWithin(LONGEST_ERRAND)) {
            kill();
            throw new IllegalStateException("a child process did not end for " + LONGEST_ERRAND);
        }
        int code = process.exitValue();
        watchdog.destroyForcibly();
        if (code != 0) {
            throw new IllegalStateException("a child process ended with " + code);
        }
    }

    /** SIGTERM, and SIGKILL when that does not help; waits until it is gone. */
    public void stop() {
        signal("CONT");
        process.destroy();
        if (!endedWithin(LAST_WORDS)) {
            process.destroyForcibly();
        }
        process.onExit().join();
        watchdog.destroyForcibly();
    }

    /** Whether it ends, or has ended, within that time. */
    public boolean endedWithin(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGKILL for it and what it started; waits until they are gone. */
    public void kill() {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
        process.onExit().join();
        watchdog.destroyForcibly();
    }

    /** SIGSTOP for it and what it started: it goes on existing and answers nothing. */
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
            List<String> command = new ArrayList<>(List.of("kill", "-" + name.toUpperCase(Locale.ROOT)));
            Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .forEach(member -> command.add(Long.toString(member.pid())));
            int code = new ProcessBuilder(command).start().onExit().join().exitValue();
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
