/**
 * Kraken as a source of trades: WebSocket v2 for what happens, REST for what happened.
 *
 * <p>{@link tickcast.streams.exchange.kraken.KrakenFeed} is the door. Inside, everything that decides anything is plain
 * single-threaded code driven by events ({@code FeedSession} and what it owns); {@code FeedStage}, {@code KrakenSocket} and
 * {@code KrakenRest} are the only parts that touch a socket.
 */
package tickcast.streams.exchange.kraken;
