/**
 * Where a market source's records and models are kept. {@link tickcast.streams.archive.EmbeddedArchive} is one SQLite
 * file per source, for a system that runs without a database server.
 */
package tickcast.streams.archive;
