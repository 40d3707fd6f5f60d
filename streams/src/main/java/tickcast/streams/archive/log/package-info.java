/**
 * The archive of a system whose truth is the log: records are written to Kafka's topics, read back from there into
 * memory, and brought into a store by the {@link tickcast.streams.archive.log.Archiver}.
 */
package tickcast.streams.archive.log;
