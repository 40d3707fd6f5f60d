package tickcast.http.node;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as a process of its own: a child JVM with this one's class path, which dies with the test. */
final class ChildNode implements AutoCloseable {

    private static final Pattern PAGE = Pattern.compile("Page\\s+http://127\\.0\\.0\\.1:(\\d+)/");
    private static final long PATIENCE_SECONDS = 90;

    private final Process process;
    private final long startedAtNanos = System.nanoTime();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final List<String> words = new ArrayList<>();

    private ChildNode(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-node-words");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code serve} on free ports; training is on, as it is by default. */
    static ChildNode serve(Path dataDirectory, Map<String, String> environment) throws IOException {
        return serve(dataDirectory, List.of("-Xmx1g"), environment);
    }

    /** As above, with options of the JVM, settings as system properties among them. */
    static ChildNode serve(Path dataDirectory, List<String> options, Map<String, String> environment)
            throws IOException {
        return start("tickcast.http.node.Main", List.of("serve"), dataDirectory, options, environment);
    }

    /** The same of another main class, which greets as {@code serve} does. */
    static ChildNode start(
            String main,
            List<String> arguments,
            Path dataDirectory,
            List<String> options,
            Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = java(options, main, arguments);
        builder.environment()
                .putAll(Map.of(
                        "DATA_DIRECTORY", dataDirectory.toString(),
                        "HTTP_PORT", "0",
                        "MANAGEMENT_PORT", Integer.toString(TestNode.freePort()),
                        "NEWS_FEEDS", "",
                        "OMP_WAIT_POLICY", "passive"));
        builder.environment().putAll(environment);
        return new ChildNode(builder.start());
    }

    /** A JVM of this kind with this class path; its two outputs are one. */
    static ProcessBuilder java(List<String> options, String main, List<String> arguments) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.add(main);
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).directory(new File("."));
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line);
            }
        } catch (IOException e) {
            port.completeExceptionally(new UncheckedIOException("the pipe broke with the child", e));
        }
        port.completeExceptionally(new AssertionError("the child ended: " + words()));
    }

    private void hear(String line) {
        synchronized (words) {
            words.add(line);
        }
        Matcher page = PAGE.matcher(line);
        if (page.find()) {
            port.complete(Integer.parseInt(page.group(1)));
        }
    }

    /** What it has said. */
    List<String> words() {
        synchronized (words) {
            return List.copyOf(words);
        }
    }

    /** Waits until the page can be opened. */
    int port() throws Exception {
        return port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Since the JVM was started. */
    double secondsUp() {
        return (System.nanoTime() - startedAtNanos) / 1e9;
    }

    /** Waits for its own end. Returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not end: " + words());
        }
        return process.exitValue();
    }

    /** {@code kill -9}, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
