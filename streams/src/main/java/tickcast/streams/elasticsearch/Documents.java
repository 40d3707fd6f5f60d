package tickcast.streams.elasticsearch;

import co.elastic.clients.json.JsonpDeserializer;
import co.elastic.clients.json.JsonpDeserializerBase;
import co.elastic.clients.json.JsonpMapper;
import co.elastic.clients.json.jackson.JacksonJsonpParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.RecordCodec;
import tickcast.streams.record.RecordFields;

/** Reads documents as records while the answer is being parsed. One that is no such record is logged and left out. */
final class Documents<T> extends JsonpDeserializerBase<Optional<T>> {

    /** For answers without documents. */
    static final JsonpDeserializer<Optional<Object>> NONE = JsonpDeserializer.fixedValue(Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(Documents.class);

    /** Reads an object from the parser's current token on. */
    @FunctionalInterface
    interface Read<T> {
        T from(com.fasterxml.jackson.core.JsonParser parser) throws IOException, MalformedRecord;
    }

    private final Read<T> read;

    private Documents(Read<T> read) {
        super(EnumSet.of(Event.START_OBJECT));
        this.read = read;
    }

    static <T> Documents<T> of(RecordCodec<T> codec) {
        return new Documents<>(parser -> codec.read(parser).fact());
    }

    /** One text field of each document. */
    static Documents<String> text(String field) {
        return new Documents<>(parser -> RecordFields.read(parser).text(field));
    }

    @Override
    public Optional<T> deserialize(JsonParser json, JsonpMapper mapper, Event event) {
        com.fasterxml.jackson.core.JsonParser parser = ((JacksonJsonpParser) json).jacksonParser();
        JsonStreamContext around = parser.getParsingContext().getParent();
        try {
            try {
                return Optional.of(read.from(parser));
            } catch (MalformedRecord e) {
                LOG.warn("A document in the store is left out: {}", e.getMessage());
                while (parser.getParsingContext() != around) {
                    parser.nextToken();
                }
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
