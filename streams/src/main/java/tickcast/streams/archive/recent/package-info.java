/**
 * What was written lately, in memory, laid over a store that learns of it later: a log's newest part, or lines of a spill
 * file. {@link tickcast.streams.archive.recent.RecentRecords} keeps it, {@link tickcast.streams.archive.recent.MergedReads}
 * reads both as one archive.
 */
package tickcast.streams.archive.recent;
