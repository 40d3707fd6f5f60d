package tickcast.streams.archive.recent;

/**
 * Where a record stands in what is written before the store knows it.
 *
 * @param lane a part with an order of its own, such as one partition of one topic; at least 0
 * @param position rises within the lane
 */
public record Place(int lane, long position) {}
