package tickcast.streams.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.model.sentiment.NewsItem;

/** The schema files and the page that describe the records agree with what is written and read. */
class RecordSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Symbol BTC = Symbol.parse("BTC/USD");

    private static JsonSchema schema(String kind) throws IOException {
        try (InputStream in = RecordCodec.class.getResourceAsStream(kind + ".schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in);
        }
    }

    @Test
    void shouldDescribeEveryRecordOfAnArchive() throws IOException {
        agree(RecordCodec.CANDLE, RandomFacts::candle);
        agree(RecordCodec.FEATURES, RandomFacts::features);
        agree(RecordCodec.PREDICTION, RandomFacts::prediction);
        agree(RecordCodec.ERROR, RandomFacts::error);
        agree(RecordCodec.SENTIMENT, RandomFacts::sentiment);
    }

    private static <T> void agree(RecordCodec<T> codec, Function<RandomFacts, T> fact) throws IOException {
        JsonSchema schema = schema(codec.kind());
        Random random = new Random(11);
        for (int i = 0; i < 100; i++) {
            Stamped<T> record = new RandomFacts(random).stamped(fact);
            JsonNode node = JSON.readTree(codec.encode(record));
            assertEquals(Set.of(), schema.validate(node));
            for (JsonNode required : schema.getSchemaNode().get("required")) {
                refusedByBoth(codec, schema, without(node, required.asText()));
            }
            for (String field : List.of("symbol", "epoch", "source", "kind", "v")) {
                refusedByBoth(codec, schema, with(node, field, JSON.createArrayNode()));
            }
        }
    }

    private static void refusedByBoth(RecordCodec<?> codec, JsonSchema schema, JsonNode broken) throws IOException {
        assertFalse(schema.validate(broken).isEmpty(), broken::toString);
        byte[] bytes = JSON.writeValueAsBytes(broken);
        assertThrows(MalformedRecord.class, () -> codec.decode(bytes), broken::toString);
    }

    private static JsonNode without(JsonNode node, String field) {
        ObjectNode copy = node.deepCopy();
        copy.remove(field);
        return copy;
    }

    private static JsonNode with(JsonNode node, String field, JsonNode value) {
        ObjectNode copy = node.deepCopy();
        copy.set(field, value);
        return copy;
    }

    @Test
    void shouldDescribeEveryRecordThatComesIn() throws IOException {
        Candle candle = Candle.empty(BTC, NOON.minusSeconds(60), 64000.1, NOON);
        Trade trade = new Trade(BTC, 9_007_199_254_740_993L, 1767614399123456L, 64000.1, 5.1e-05, Side.BUY);
        valid("trades", market(new MarketRecord.Trades(BTC, List.of(trade))));
        valid("minute", market(minute(Optional.empty())));
        valid("minute", market(minute(Optional.of(candle))));
        valid("candles", market(new MarketRecord.Candles(BTC, List.of(candle))));
        NewsItem item = new NewsItem("n1", "feed", "title", "", "", NOON, NOON);
        valid("news", NewsCodec.NEWS.encode(new Stamped<>(item, "kraken", 0)));
    }

    private static MarketRecord.Minute minute(Optional<Candle> candle) {
        return new MarketRecord.Minute(BTC, NOON, Coverage.SEEN, true, Pace.CLOCK, candle);
    }

    private static byte[] market(MarketRecord record) {
        return MarketRecordCodec.encode(new Stamped<>(record, "kraken", 0));
    }

    private static void valid(String kind, byte[] record) throws IOException {
        Set<ValidationMessage> problems = schema(kind).validate(JSON.readTree(record));
        assertEquals(Set.of(), problems, () -> new String(record, StandardCharsets.UTF_8));
    }

    /** Every example of the page is a record, and the list of features is the one in use. */
    @Test
    void shouldShowTrueExamplesOnThePage() throws IOException {
        String page = Files.readString(page());
        Matcher examples = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(page);
        int count = 0;
        while (examples.find()) {
            JsonNode node = JSON.readTree(examples.group(1));
            String kind = node.get("kind").asText();
            assertEquals(Set.of(), schema(kind).validate(node), kind);
            count++;
        }
        assertTrue(count >= 9, count + " examples");
        FeatureSchema schema = FeatureSchema.current();
        assertTrue(page.contains(schema.hash()), "the page names the schema " + schema.hash());
        assertTrue(page.contains(String.join(" ", schema.names())), String.join(" ", schema.names()));
    }

    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        Path besides = here.resolve("docs/records.md");
        return Files.exists(besides) ? besides : here.resolveSibling("docs/records.md");
    }
}
