package tickcast.http.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;

/**
 * What the outside is told and allowed.
 *
 * @param source of everything that is served
 * @param symbols that are served, in the order in which they are listed
 * @param schema names of the features in use
 * @param operatorToken for promote and rollback; empty = these are disabled
 * @param readToken for everything else; empty = reading is open
 * @param allowedOrigins other origins whose pages may read, such as {@code https://desk.example}; {@code *} = any
 * @param allowedHosts names and addresses, without port, by which this server may be called; empty = any
 * @param maxConnections requests in work and open WebSockets, all together
 * @param maxConnectionsPerAddress the same for one remote address
 * @param push the WebSocket's limits
 */
public record ApiSettings(
        MarketSource source,
        List<Symbol> symbols,
        SchemaNames schema,
        String operatorToken,
        String readToken,
        Set<String> allowedOrigins,
        Set<String> allowedHosts,
        int maxConnections,
        int maxConnectionsPerAddress,
        Push push) {

    public ApiSettings {
        symbols = List.copyOf(symbols);
        allowedOrigins = Set.copyOf(allowedOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /**
     * @param maxMessageBytes of a client's message
     * @param heartbeat silence after which a heartbeat is sent
     * @param pingAfter silence of the client after which it is pinged
     * @param slowClientTimeout a client that accepts nothing for so long is closed
     * @param bufferedMessages kept for a client before it skips to the newest of each channel and symbol
     * @param resumable how far back {@code since} reaches
     */
    public record Push(
            int maxMessageBytes,
            Duration heartbeat,
            Duration pingAfter,
            Duration slowClientTimeout,
            int bufferedMessages,
            Duration resumable) {

        /** The contract's figures. */
        public static Push standard() {
            return new Push(
                    64 * 1024,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    256,
                    Duration.ofHours(24));
        }
    }
}
