package tickcast.http.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tickcast.model.market.MarketSource;

/** One market source's folder below the data directory, held by one process at a time. */
final class DataDirectory implements AutoCloseable {

    private final Path folder;
    private final FileChannel channel;

    private DataDirectory(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** Creates the folder where it is missing and takes its lock. @throws CommandFailed when another process has it */
    static DataDirectory take(Path dataDirectory, MarketSource source) {
        Path folder = dataDirectory.resolve(source.key());
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new CommandFailed(folder + " is in use by another Tickcast process; stop it or choose another"
                        + " folder with DATA_DIRECTORY");
            }
            return new DataDirectory(folder, channel);
        } catch (IOException e) {
            throw new CommandFailed("tickcast.data-directory: " + folder + " can't be used: " + e, e);
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

    /**
     * Predictions and models of one folder look equally far ahead: the first horizon that is used stays.
     *
     * @throws WrongSetting when the folder has another one
     */
    void requireHorizon(int minutes) {
        Path file = folder.resolve("horizon");
        String wanted = minutes + "m";
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file).strip();
                if (!kept.equals(wanted)) {
                    throw new WrongSetting(
                            "tickcast.forecast.horizon",
                            wanted,
                            kept + ", which " + folder + " was made with, or another DATA_DIRECTORY");
                }
            } else {
                Files.writeString(file, wanted + System.lineSeparator());
            }
        } catch (IOException e) {
            throw new CommandFailed("tickcast.data-directory: " + file + " can't be used: " + e, e);
        }
    }

    Path folder() {
        return folder;
    }

    Path models() {
        return models(folder);
    }

    /** Where models lie in a source's folder. */
    static Path models(Path folder) {
        return folder.resolve("models");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandFailed("lock of " + folder + " could not be released: " + e, e);
        }
    }
}
