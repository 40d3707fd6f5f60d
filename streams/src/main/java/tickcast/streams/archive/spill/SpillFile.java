package tickcast.streams.archive.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines on disk, appended at the end and read from the beginning. A last line that was torn by a crash is cut off on
 * opening. Bounded. For one thread.
 */
final class SpillFile implements AutoCloseable {

    private static final int BUFFER = 1 << 20;

    private final Path path;
    private final long mostBytes;
    private final FileChannel channel;
    private long size;

    /**
     * Some whole lines.
     *
     * @param lines without their ends
     * @param ends where each ends in the file
     */
    record Batch(List<byte[]> lines, List<Long> ends) {}

    private SpillFile(Path path, long mostBytes, FileChannel channel) {
        this.path = path;
        this.mostBytes = mostBytes;
        this.channel = channel;
    }

    static SpillFile open(Path path, long mostBytes) throws IOException {
        Files.createDirectories(path.getParent());
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SpillFile file = new SpillFile(path, mostBytes, channel);
        file.size = file.endOfLastLine(channel.size());
        channel.truncate(file.size);
        return file;
    }

    private long endOfLastLine(long end) throws IOException {
        for (long at = end; at > 0; at -= BUFFER) {
            int length = (int) Math.min(BUFFER, at);
            ByteBuffer bytes = read(at - length, length);
            for (int i = length - 1; i >= 0; i--) {
                if (bytes.get(i) == '\n') {
                    return at - length + i + 1;
                }
            }
        }
        return 0;
    }

    long size() {
        return size;
    }

    /**
     * Appends lines and forces them to disk; all or none of them. Returns where they end.
     *
     * @throws IOException when they don't fit or the disk fails
     */
    long append(List<byte[]> lines) throws IOException {
        int length = lines.stream().mapToInt(line -> line.length + 1).sum();
        if (size + length > mostBytes) {
            throw new IOException(path + " is full (" + size + " bytes)");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        lines.forEach(line -> bytes.put(line).put((byte) '\n'));
        bytes.flip();
        try {
            for (long at = size; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
            channel.force(false);
        } catch (IOException e) {
            channel.truncate(size);
            throw e;
        }
        size += length;
        return size;
    }

    /** The lines from an end of a line on, about a megabyte of them; none at the end. */
    Batch read(long from) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (int wanted = BUFFER; lines.isEmpty() && from < size; wanted *= 2) {
            int length = (int) Math.min(wanted, size - from);
            ByteBuffer bytes = read(from, length);
            int start = 0;
            for (int i = 0; i < length; i++) {
                if (bytes.get(i) == '\n') {
                    byte[] line = new byte[i - start];
                    bytes.get(start, line);
                    lines.add(line);
                    start = i + 1;
                    ends.add(from + start);
                }
            }
        }
        return new Batch(lines, ends);
    }

    private ByteBuffer read(long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException(path + " is shorter than it was");
            }
        }
        return bytes;
    }

    /** Everything has been given back. */
    void clear() throws IOException {
        channel.truncate(0);
        size = 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
