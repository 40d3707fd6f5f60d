package tickcast.http.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** A command's data, line by line, UTF-8. Notices when nobody reads any more, as in {@code … | head}. Single-threaded. */
final class StandardOutput {

    private static final int LINES_PER_CHECK = 1000;

    private final PrintWriter out;
    private long lines;

    StandardOutput(PrintWriter out) {
        this.out = out;
    }

    /** @throws CommandFailed when nobody reads any more */
    void line(String text) {
        out.print(text);
        out.print('\n');
        if (++lines % LINES_PER_CHECK == 0) {
            flush();
        }
    }

    /** @throws CommandFailed when nobody reads any more */
    void flush() {
        if (out.checkError()) {
            throw new CommandFailed("Standard output was closed before everything was written");
        }
    }

    /** For writers that want a stream of whole lines. */
    OutputStream stream() {
        return new Lines();
    }

    /** Passes on what is whole: a line, and so never half a character. */
    private final class Lines extends OutputStream {

        private final ByteArrayOutputStream open = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int whole = length;
            while (whole > 0 && bytes[offset + whole - 1] != '\n') {
                whole--;
            }
            if (whole > 0) {
                open.write(bytes, offset, whole);
                out.print(open.toString(StandardCharsets.UTF_8));
                open.reset();
                StandardOutput.this.flush();
            }
            open.write(bytes, offset + whole, length - whole);
        }
    }
}
