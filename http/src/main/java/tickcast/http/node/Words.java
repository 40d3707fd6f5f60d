package tickcast.http.node;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tickcast.model.market.Symbol;

/** How commands write things for people. */
final class Words {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    private Words() {}

    /** {@code 2026-01-05 12:00}, UTC. */
    static String minute(Instant time) {
        return MINUTE.format(time);
    }

    /** {@code 2026-01-05}, UTC. */
    static String day(Instant time) {
        return minute(time).substring(0, 10);
    }

    /** {@code BTC/USD, ETH/USD}. */
    static String names(List<Symbol> symbols) {
        return String.join(", ", symbols.stream().map(Symbol::name).toList());
    }
}
