package tickcast.streams.archive;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.market.MarketSource;
import tickcast.streams.record.RecordJson;

/**
 * Dead letters as JSON lines in {@code <data directory>/<source key>/dead-letters.jsonl}: {@code at}, {@code kind},
 * {@code id}, {@code reason}, {@code record}. A file that has grown full becomes {@code dead-letters.1.jsonl} in place of
 * the one before, so that at most twice the bound is ever kept; that letters went is logged.
 */
public final class DeadLetterFile implements DeadLetters {

    static final long MOST_BYTES = 32L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFile.class);

    private final Path file;
    private final long mostBytes;
    private final InstantSource clock;

    private DeadLetterFile(Path file, long mostBytes, InstantSource clock) {
        this.file = file;
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /** The source's file below {@code dataDirectory}; made when the first letter comes. */
    public static DeadLetterFile below(Path dataDirectory, MarketSource source) {
        return below(dataDirectory, source, MOST_BYTES, InstantSource.system());
    }

    static DeadLetterFile below(Path dataDirectory, MarketSource source, long mostBytes, InstantSource clock) {
        return new DeadLetterFile(dataDirectory.resolve(source.key()).resolve("dead-letters.jsonl"), mostBytes, clock);
    }

    @Override
    public synchronized void keep(List<Letter> letters) throws IOException {
        Files.createDirectories(file.getParent());
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        if (endsAmidALine()) {
            lines.write('\n');
        }
        for (Letter letter : letters) {
            byte[] line = line(letter);
            if (bytes() + lines.size() + line.length > mostBytes) {
                append(lines.toByteArray());
                lines.reset();
                beginAnew();
            }
            lines.writeBytes(line);
        }
        append(lines.toByteArray());
    }

    private long bytes() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** A process was killed, or the disk was full, while it wrote. */
    private boolean endsAmidALine() throws IOException {
        if (bytes() == 0) {
            return false;
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            in.read(last, in.size() - 1);
            return last.get(0) != '\n';
        }
    }

    private void beginAnew() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        Path older = file.resolveSibling("dead-letters.1.jsonl");
        if (Files.exists(older)) {
            LOG.error("{} is full: the oldest refused records are dropped", file);
        }
        Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
    }

    private void append(byte[] lines) throws IOException {
        if (lines.length == 0) {
            return;
        }
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(lines);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(false);
        }
    }

    private byte[] line(Letter letter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(letter.json().length + 256);
        try (JsonGenerator out = RecordJson.factory().createGenerator(bytes)) {
            out.writeStartObject();
            RecordJson.time(out, "at", clock.instant());
            RecordJson.text(out, "kind", letter.kind());
            RecordJson.text(out, "id", letter.id());
            RecordJson.text(out, "reason", letter.reason());
            out.writeFieldName("record");
            out.writeRawValue(new String(letter.json(), StandardCharsets.UTF_8));
            out.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    /** Nothing is kept open. */
    @Override
    public void close() {}
}
