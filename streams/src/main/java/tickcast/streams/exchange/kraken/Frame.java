package tickcast.streams.exchange.kraken;

import java.util.List;
import java.util.Optional;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** One message of the WebSocket, understood. */
sealed interface Frame {

    /** Bounded: what metrics and logs call this kind of frame. */
    String kind();

    /**
     * @param snapshot whether these are the last trades before the subscription
     * @param trades of followed symbols, in the frame's order
     * @param malformed entries that were no trade
     * @param foreign trades of symbols that nobody follows
     */
    record Trades(boolean snapshot, List<Trade> trades, int malformed, int foreign) implements Frame {
        @Override
        public String kind() {
            return "trade";
        }
    }

    record Heartbeat() implements Frame {
        @Override
        public String kind() {
            return "heartbeat";
        }
    }

    /** @param system {@code online}, {@code maintenance}, {@code cancel_only}, {@code post_only} or something new */
    record Status(String system) implements Frame {
        @Override
        public String kind() {
            return "status";
        }
    }

    /**
     * A request was granted.
     *
     * @param method {@code subscribe} or {@code unsubscribe}
     * @param channel what was asked for, empty when not said
     * @param sentMicros the exchange's clock when it answered, or {@link ExchangeTime#UNKNOWN}
     */
    record Granted(String method, String channel, Optional<Symbol> symbol, long sentMicros) implements Frame {
        @Override
        public String kind() {
            return "granted";
        }
    }

    /**
     * A request was refused.
     *
     * @param symbol as the exchange wrote it, empty when not said
     * @param error the exchange's words
     */
    record Refused(String method, String symbol, String error) implements Frame {
        @Override
        public String kind() {
            return "refused";
        }
    }

    /** @param sentMicros the exchange's clock when it answered, or {@link ExchangeTime#UNKNOWN} */
    record Pong(long sentMicros) implements Frame {
        @Override
        public String kind() {
            return "pong";
        }
    }

    /** Understood and of no use here: a known channel ({@code ticker}, {@code book}, …) or {@code unknown}. */
    record Other(String kind) implements Frame {}

    /** No JSON, or no object. */
    record Garbage(String reason) implements Frame {
        @Override
        public String kind() {
            return "garbage";
        }
    }
}
