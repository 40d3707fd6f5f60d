package tickcast.http.node;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tickcast.model.market.Symbol;

/** Reads a pair from the command line, in any of the forms that {@link Symbol#parse} knows. */
final class SymbolConverter implements ITypeConverter<Symbol> {

    @Override
    public Symbol convert(String text) {
        return Symbol.tryParse(text)
                .orElseThrow(() ->
                        new TypeConversionException("'" + text + "' is no pair; expected one like BTC/USD or XBTUSD"));
    }
}
