/**
 * The one written form of every record, as bytes: values of Kafka topics, documents of Elasticsearch and lines of spill
 * files. JSON, described for others in {@code docs/records.md}. {@link tickcast.streams.record.RecordCodec} turns a fact
 * into bytes and back; what is no such record is refused with a {@link tickcast.streams.record.MalformedRecord} that
 * names the field and what is allowed.
 */
package tickcast.streams.record;
