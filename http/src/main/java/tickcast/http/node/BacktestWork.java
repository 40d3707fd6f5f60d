package tickcast.http.node;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tickcast.model.market.Times;
import tickcast.model.registry.ModelCardJson;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.BacktestCheckpoint;

/**
 * A backtest's models in a folder of its own below the data directory, {@code backtest/KEY}, a file each, until the report
 * is there. A file is written beside its place, forced to the disk and moved there, and ends with its SHA-256. One process
 * at a time holds the folder; when another has it, or it can't be written, nothing is kept and a plain line says so.
 */
final class BacktestWork implements BacktestCheckpoint, AutoCloseable {

    private static final String FOLDERS = "backtest";
    private static final String SUFFIX = ".fold";
    private static final int FORMAT = 1;
    private static final int SHA_BYTES = 32;

    private final Path dataDirectory;
    private final boolean madeDataDirectory;
    private final Path folder;
    private final Consumer<String> words;
    private final FileChannel channel;
    private boolean writable = true;

    private BacktestWork(
            Path dataDirectory, boolean madeDataDirectory, Path folder, Consumer<String> words, FileChannel channel) {
        this.dataDirectory = dataDirectory;
        this.madeDataDirectory = madeDataDirectory;
        this.folder = folder;
        this.words = words;
        this.channel = channel;
    }

    /**
     * Takes the folder of a key; empty when that can't be.
     *
     * @param key of history, settings and code, see {@link BacktestKey}
     * @param words where plain lines go
     */
    static Optional<BacktestWork> take(Path dataDirectory, String key, Consumer<String> words) {
        Path folder = dataDirectory.resolve(FOLDERS).resolve(key);
        try {
            boolean isNew = Files.notExists(dataDirectory);
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                words.accept("The same backtest is running already; interrupted, this one would start over.");
                return Optional.empty();
            }
            BacktestWork work = new BacktestWork(dataDirectory, isNew, folder, words, channel);
            work.tellOfOthers();
            work.tellWhereItResumes();
            return Optional.of(work);
        } catch (IOException e) {
            words.accept(folder + " can't be used (" + e + "); interrupted, this backtest would start over.");
            return Optional.empty();
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void tellWhereItResumes() throws IOException {
        List<Path> folds = folds();
        if (!folds.isEmpty()) {
            Path newest = folds.get(folds.size() - 1);
            words.accept("Resumed at day "
                    + Times.iso(trainedAt(newest)).substring(0, 10) + ": " + folds.size()
                    + (folds.size() == 1 ? " training was" : " trainings were") + " done before.");
        }
    }

    private void tellOfOthers() throws IOException {
        Leftovers others = Leftovers.beside(folder);
        others.tidy();
        if (others.kept() > 0) {
            words.accept(others.kept() + (others.kept() == 1 ? " backtest" : " backtests")
                    + " of other data, settings or code did not finish; what they left in " + folder.getParent()
                    + " is not used here.");
        }
    }

    // --- folds

    private List<Path> folds() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private Path file(Instant trainedAt) {
        return folder.resolve(String.format("%012d", Times.epochMinute(trainedAt)) + SUFFIX);
    }

    private static Instant trainedAt(Path file) {
        String name = file.getFileName().toString();
        return Times.ofEpochMinute(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
    }

    @Override
    public Optional<Fold> find(Instant trainedAt) {
        Path file = file(trainedAt);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(Files.readAllBytes(file)));
        } catch (IOException damaged) {
            words.accept(file + " is damaged (" + damaged.getMessage() + "): that model is trained again.");
            return Optional.empty();
        }
    }

    @Override
    public void keep(Instant trainedAt, Fold fold) {
        if (!writable) {
            return;
        }
        Path file = file(trainedAt);
        Path beside = folder.resolve("unfinished");
        try {
            try (FileChannel out = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(bytes(fold));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            writable = false;
            words.accept(file + " can't be written (" + e + "); interrupted, this backtest would lose what follows.");
        }
    }

    private static byte[] bytes(Fold fold) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(FORMAT);
        out.writeLong(fold.nanos());
        put(out, ModelCardJson.write(fold.model().card()));
        Map<String, byte[]> files = new TreeMap<>(fold.model().files());
        out.writeInt(files.size());
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            out.writeUTF(each.getKey());
            put(out, each.getValue());
        }
        out.write(BacktestKey.sha256(bytes.toByteArray()));
        return bytes.toByteArray();
    }

    private static void put(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }

    private static Fold read(byte[] bytes) throws IOException {
        int end = bytes.length - SHA_BYTES;
        if (end < 0
                || !Arrays.equals(
                        BacktestKey.sha256(Arrays.copyOf(bytes, end)), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new IOException("its checksum is wrong");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end));
        if (in.readInt() != FORMAT) {
            throw new IOException("its format is another one");
        }
        long nanos = in.readLong();
        var card = ModelCardJson.read(in.readNBytes(in.readInt()));
        Map<String, byte[]> files = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            files.put(name, in.readNBytes(in.readInt()));
        }
        return new Fold(new TrainedModel(Map.copyOf(files), card), nanos);
    }

    // --- the end

    /** The report is there: what was kept is deleted. */
    void finish() {
        try {
            for (Path fold : folds()) {
                Files.delete(fold);
            }
        } catch (IOException e) {
            words.accept(folder + " can't be deleted: " + e);
        }
    }

    /** Gives the folder back, and removes it when nothing is kept in it. */
    @Override
    public void close() {
        try {
            boolean isDone = folds().isEmpty();
            if (isDone) {
                Leftovers.delete(folder);
            }
            channel.close();
            if (isDone) {
                Leftovers.deleteIfEmpty(folder.getParent());
                if (madeDataDirectory) {
                    Leftovers.deleteIfEmpty(dataDirectory);
                }
            }
        } catch (IOException e) {
            words.accept(folder + " can't be tidied up: " + e);
        }
    }
}
