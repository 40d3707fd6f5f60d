/** The archive in Elasticsearch: monthly indices per kind with strict mappings, deterministic ids, external versions. */
package tickcast.streams.elasticsearch;
