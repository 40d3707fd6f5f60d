/**
 * Kafka as the bus: topics, what is written to and read from {@code tickcast.trades} and {@code tickcast.news}, and how
 * far reading has come. Partition = shard: a symbol's records are read on the node where its market lives.
 */
package tickcast.streams.kafka;
