package tickcast.streams.archive;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/** An archive that can be taken away: then calls fail, or wait for it to come back. Thread safe. */
public final class FragileArchive {

    /** What calls meet. */
    public enum Mood {
        THERE,
        AWAY,
        /** Throws instead of answering. */
        BROKEN,
        SILENT
    }

    private final Archive archive;
    private final AtomicInteger writes = new AtomicInteger();
    private volatile Mood mood = Mood.THERE;

    public FragileArchive(Archive archive) {
        this.archive = archive;
    }

    public void become(Mood next) {
        mood = next;
    }

    /** Calls that wrote something, while it was there. */
    int writes() {
        return writes.get();
    }

    /** The archive as others see it, who can't close it. */
    public Archive seen() {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    boolean asynchronous = method.getReturnType() == CompletionStage.class;
                    if (mood == Mood.AWAY && asynchronous) {
                        return CompletableFuture.failedStage(new ArchiveUnavailable("taken away", null));
                    }
                    if (mood == Mood.BROKEN && asynchronous) {
                        throw new ArchiveUnavailable("taken away", null);
                    }
                    return mood == Mood.SILENT && asynchronous ? new CompletableFuture<>() : call(method, arguments);
                });
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        if (method.getName().startsWith("write")) {
            writes.incrementAndGet();
        }
        try {
            return method.invoke(archive, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
