package tickcast.http.api;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tells what a subject's clients have not been told: a minute comes once, a candle again only at a higher revision. */
final class Novelty {

    private static final int REMEMBERED = 16;

    private final Map<Long, Integer> revisions = new LinkedHashMap<>();
    private long oldest = Long.MIN_VALUE;

    /** Whether the message is new; if so it no longer is. */
    boolean take(long seq, int revision) {
        Integer known = revisions.get(seq);
        boolean isNew = known != null ? revision > known : seq > oldest || revision > 0;
        if (isNew) {
            revisions.put(seq, revision);
            forgetOldest();
        }
        return isNew;
    }

    private void forgetOldest() {
        if (revisions.size() > REMEMBERED) {
            long lowest =
                    revisions.keySet().stream().mapToLong(Long::longValue).min().orElse(oldest);
            revisions.remove(lowest);
            oldest = Math.max(oldest, lowest);
        }
    }
}
