package tickcast.model.market;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A traded pair such as {@code BTC/USD}: base asset priced in the quote asset, both upper case, two to ten letters or
 * digits. Immutable; equal by name.
 */
public record Symbol(String base, String quote) implements Comparable<Symbol> {

    private static final int SHORTEST = 2;
    private static final int LONGEST = 10;
    private static final Map<String, String> CURRENT_NAMES = Map.of("XBT", "BTC", "XDG", "DOGE");
    /** Quote assets that end Kraken's unseparated names, longest first so that USDT is not read as T. */
    private static final List<String> QUOTES = List.of(
            "USDT", "USDC", "EURT", "PYUSD", "USD", "EUR", "GBP", "CAD", "JPY", "CHF", "AUD", "DAI", "BTC", "XBT",
            "ETH");

    public Symbol {
        if (!isAsset(base) || !isAsset(quote)) {
            throw new IllegalArgumentException("'" + base + "/" + quote + "' is no pair; expected one like BTC/USD");
        }
    }

    /**
     * Reads {@code BTC/USD}, {@code BTC-USD}, {@code XBT/USD}, {@code XBTUSD} or {@code XXBTZUSD}, in any case; Kraken's
     * old asset names become the current ones.
     *
     * @throws IllegalArgumentException when the text is no pair; the message says what was expected
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Symbol parse(String text) {
        return tryParse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException("'" + text + "' is no pair; expected one like BTC/USD or XBTUSD"));
    }

    /** As {@link #parse}, empty when the text is no pair. */
    public static Optional<Symbol> tryParse(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        int separator = Math.max(upper.indexOf('/'), upper.indexOf('-'));
        if (separator >= 0) {
            return of(upper.substring(0, separator), upper.substring(separator + 1));
        }
        if (upper.length() == 8 && "XZ".indexOf(upper.charAt(0)) >= 0 && "XZ".indexOf(upper.charAt(4)) >= 0) {
            return of(upper.substring(1, 4), upper.substring(5));
        }
        return QUOTES.stream()
                .filter(quote -> upper.length() > quote.length() + 1 && upper.endsWith(quote))
                .findFirst()
                .flatMap(quote -> of(upper.substring(0, upper.length() - quote.length()), quote));
    }

    private static Optional<Symbol> of(String base, String quote) {
        return isAsset(base) && isAsset(quote)
                ? Optional.of(
                        new Symbol(CURRENT_NAMES.getOrDefault(base, base), CURRENT_NAMES.getOrDefault(quote, quote)))
                : Optional.empty();
    }

    /** By hand: every record that is read names a symbol. */
    private static boolean isAsset(String name) {
        boolean valid = name.length() >= SHORTEST && name.length() <= LONGEST;
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
        }
        return valid;
    }

    /** {@code BTC/USD}: how it is shown and what the exchange's WebSocket takes. */
    @JsonValue
    public String name() {
        return base + "/" + quote;
    }

    /** {@code BTC-USD}: the form for a URL path. */
    public String pathName() {
        return base + "-" + quote;
    }

    /** By name. The slash sorts before every character of an asset, so the name need not be put together for it. */
    @Override
    public int compareTo(Symbol other) {
        int byBase = base.compareTo(other.base);
        return byBase != 0 ? byBase : quote.compareTo(other.quote);
    }

    @Override
    public String toString() {
        return name();
    }
}
