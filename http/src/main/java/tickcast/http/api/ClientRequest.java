package tickcast.http.api;

import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import tickcast.http.api.websocket.Frames;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** A WebSocket client's message, understood or not. */
sealed interface ClientRequest {

    ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** @param reqId a JSON scalar to be sent back, or missing */
    record Subscribe(
            Channel channel,
            List<Subject> subjects,
            List<String> unknown,
            boolean snapshot,
            OptionalLong since,
            JsonNode reqId)
            implements ClientRequest {}

    record Unsubscribe(Channel channel, List<Subject> subjects, List<String> unknown, JsonNode reqId)
            implements ClientRequest {}

    record Ping(JsonNode reqId) implements ClientRequest {}

    /** @param method as far as it is known, or empty */
    record Invalid(String method, String error, JsonNode reqId) implements ClientRequest {}

    static ClientRequest parse(String text, Symbols symbols) {
        JsonNode message;
        try {
            message = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return new Invalid("", "The message is not JSON", MissingNode.getInstance());
        }
        if (!message.isObject()) {
            return new Invalid("", "The message is not a JSON object", MissingNode.getInstance());
        }
        JsonNode reqId = message.path("reqId");
        String method = message.path("method").asText("");
        if (reqId.isContainerNode()) {
            return new Invalid("", "reqId must be a string, a number, a boolean or null", MissingNode.getInstance());
        }
        return switch (method) {
            case "ping" -> new Ping(reqId);
            case "subscribe", "unsubscribe" -> new Subscription(method, message.path("params"), reqId, symbols).read();
            default ->
                new Invalid(
                        "",
                        "Unknown method '" + Problem.shortened(method) + "'; known: subscribe, unsubscribe, ping",
                        reqId);
        };
    }

    static ByteString acknowledged(String method, Subject subject, JsonNode reqId) {
        return Frames.text(Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("method", method);
            out.writeBooleanField("success", true);
            out.writeObjectFieldStart("result");
            out.writeStringField("channel", subject.channel().label());
            out.writeStringField("symbol", subject.symbol());
            out.writeEndObject();
            writeId(out, reqId);
            out.writeEndObject();
        }));
    }

    static ByteString refused(String method, String error, JsonNode reqId) {
        return Frames.text(Json.bytes(out -> {
            out.writeStartObject();
            if (!method.isEmpty()) {
                out.writeStringField("method", method);
            }
            out.writeBooleanField("success", false);
            out.writeStringField("error", error);
            writeId(out, reqId);
            out.writeEndObject();
        }));
    }

    static ByteString pong(String time, JsonNode reqId) {
        return Frames.text(Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("method", "pong");
            out.writeStringField("time", time);
            writeId(out, reqId);
            out.writeEndObject();
        }));
    }

    private static void writeId(com.fasterxml.jackson.core.JsonGenerator out, JsonNode reqId)
            throws java.io.IOException {
        if (!reqId.isMissingNode()) {
            out.writeFieldName("reqId");
            out.writeRawValue(reqId.toString());
        }
    }

    /** Reads the parameters of subscribe and unsubscribe. */
    record Subscription(String method, JsonNode params, JsonNode reqId, Symbols symbols) {

        ClientRequest read() {
            Channel channel = Channel.find(params.path("channel").asText("")).orElse(null);
            if (channel == null) {
                return invalid("Unknown channel '"
                        + Problem.shortened(params.path("channel").asText("")) + "'; known: " + Channel.labels());
            }
            JsonNode given = params.path("symbols");
            if (!given.isMissingNode() && !given.isNull() && (!isTexts(given) || given.isEmpty())) {
                return invalid("symbols must be a list of names such as \"BTC/USD\"");
            }
            JsonNode snapshot = params.path("snapshot");
            if (!snapshot.isMissingNode() && !snapshot.isBoolean()) {
                return invalid("snapshot must be true or false");
            }
            JsonNode since = params.path("since");
            boolean hasSince = !since.isMissingNode() && !since.isNull();
            if (hasSince && !(since.isIntegralNumber() && since.canConvertToLong() && since.asLong() >= 0)) {
                return invalid("since must be the seq of a message, a whole number");
            }
            return request(
                    channel,
                    given,
                    snapshot.asBoolean(true),
                    hasSince ? OptionalLong.of(since.asLong()) : OptionalLong.empty());
        }

        private ClientRequest request(Channel channel, JsonNode given, boolean snapshot, OptionalLong since) {
            Set<Subject> subjects = new LinkedHashSet<>();
            List<String> unknown = new ArrayList<>();
            if (given.isArray()) {
                given.forEach(symbol -> resolve(channel, symbol.asText(), subjects, unknown));
            } else {
                subjects.addAll(all(channel));
            }
            return method.equals("subscribe")
                    ? new Subscribe(channel, List.copyOf(subjects), unknown, snapshot, since, reqId)
                    : new Unsubscribe(channel, List.copyOf(subjects), unknown, reqId);
        }

        /** The status is market-wide: whatever known symbol is asked for, it is the one of {@code *}. */
        private void resolve(Channel channel, String name, Set<Subject> subjects, List<String> unknown) {
            boolean everything = name.equals(Sentiment.MARKET_WIDE);
            boolean marketWide = channel == Channel.STATUS || channel == Channel.SENTIMENT && everything;
            if (everything ? marketWide : symbols.find(name).isPresent()) {
                String symbol = marketWide
                        ? Sentiment.MARKET_WIDE
                        : symbols.find(name).map(Symbol::name).orElse(name);
                subjects.add(new Subject(channel, symbol));
            } else if (unknown.size() < 100) {
                unknown.add(Problem.shortened(name));
            }
        }

        private List<Subject> all(Channel channel) {
            List<Subject> all = new ArrayList<>();
            if (channel != Channel.STATUS) {
                symbols.all().forEach(symbol -> all.add(new Subject(channel, symbol.name())));
            }
            if (channel == Channel.STATUS || channel == Channel.SENTIMENT) {
                all.add(new Subject(channel, Sentiment.MARKET_WIDE));
            }
            return all;
        }

        private static boolean isTexts(JsonNode symbols) {
            boolean texts = symbols.isArray();
            for (JsonNode symbol : symbols) {
                texts &= symbol.isTextual();
            }
            return texts;
        }

        private Invalid invalid(String error) {
            return new Invalid(method, error, reqId);
        }
    }
}
