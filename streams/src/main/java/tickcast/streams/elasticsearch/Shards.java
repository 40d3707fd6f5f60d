package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.ShardStatistics;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/** What an answer says about the parts of the indices that it was to come from. */
final class Shards {

    private Shards() {}

    /** @throws ArchiveUnavailable when one of them failed, @param what the request, for the message */
    static void requireNoneFailed(ShardStatistics shards, String what) {
        if (shards != null && shards.failed().intValue() > 0) {
            throw new ArchiveUnavailable(
                    what + " failed in " + shards.failed() + " of " + shards.total() + " shards", null);
        }
    }

    /** @throws ArchiveUnavailable when one of them did not answer, @param what the request, for the message */
    static void requireAll(ShardStatistics shards, String what) {
        requireNoneFailed(shards, what);
        if (shards.successful().intValue() < shards.total().intValue()) {
            throw new ArchiveUnavailable(
                    what + " was answered by " + shards.successful() + " of " + shards.total() + " shards", null);
        }
    }
}
