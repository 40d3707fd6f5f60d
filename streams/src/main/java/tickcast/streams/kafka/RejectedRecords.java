package tickcast.streams.kafka;

import akka.Done;
import com.fasterxml.jackson.core.JsonGenerator;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.streams.archive.DeadLetters;
import tickcast.streams.record.RecordJson;

/**
 * Puts records that can't be used into the topic for such, with the reason and where they came from, so that their writer
 * can be found and nothing stops; also takes what the store behind the log refuses. What is long is cut, so that it always
 * finds room. Counted by topic; the first of each kind of reason is logged. Thread safe.
 */
public final class RejectedRecords {

    private static final Logger LOG = LoggerFactory.getLogger(RejectedRecords.class);
    private static final int LONGEST_VALUE = 64 * 1024;
    /** Characters of a key, an id or a reason. */
    private static final int LONGEST_TEXT = 1000;
    /** A refused record that is longer is not copied: it still lies where it came from. */
    private static final int LONGEST_RECORD = 512 * 1024;
    /** Kinds of reasons that are told apart in the program's log. */
    private static final int MOST_KINDS = 200;
    /** What is another value each time: quoted text, numbers. */
    private static final Pattern VARYING = Pattern.compile("\"[^\"]*\"?|\\d[\\d.:TZ+-]*");
    /** How long the log may take for letters; then the store's batch counts as not written and is tried again. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);

    private final RecordWriter writer;
    private final String topic;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    public RejectedRecords(RecordWriter writer, String topic, MeterRegistry meters, InstantSource clock) {
        this.writer = writer;
        this.topic = topic;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Completes when the record is in the topic for rejected ones, however long Kafka is away. What Kafka refuses to take
     * there is counted and logged, and it completes all the same: the record still lies where it came from, and nothing
     * is to stop for it. Fails only when the writer is closed.
     */
    public CompletionStage<Done> reject(ConsumerRecord<String, byte[]> bad, String reason) {
        String shown = cut(reason);
        meters.counter("tickcast.kafka.rejected.records", "topic", bad.topic()).increment();
        if (isFirst(bad.topic() + ' ' + VARYING.matcher(shown).replaceAll("#"))) {
            LOG.warn(
                    "Rejected a record of {} (partition {}, offset {}): {}. Further ones are only counted and kept in {}.",
                    bad.topic(),
                    bad.partition(),
                    bad.offset(),
                    shown,
                    topic);
        }
        return writer.write(List.of(new ProducerRecord<>(topic, keyOf(bad.key()), described(bad, shown))))
                .exceptionallyCompose(failure -> unlessClosed(bad, failure));
    }

    private CompletionStage<Done> unlessClosed(ConsumerRecord<String, byte[]> bad, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof KafkaException)) {
            return CompletableFuture.failedStage(cause);
        }
        meters.counter("tickcast.kafka.rejected.unwritten.records", "topic", bad.topic())
                .increment();
        if (isFirst(topic + ' ' + cause.getClass())) {
            LOG.error(
                    "The rejected record of {} (partition {}, offset {}) can't be written into {}, it lies there alone: {}."
                            + " Further ones are only counted.",
                    bad.topic(),
                    bad.partition(),
                    bad.offset(),
                    topic,
                    cause.toString());
        }
        return CompletableFuture.completedStage(Done.getInstance());
    }

    private boolean isFirst(String kind) {
        return logged.size() < MOST_KINDS && logged.add(kind);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** A longer key is none: it would be cut, and so another one's. */
    private static String keyOf(String key) {
        return key == null || key.length() > LONGEST_TEXT ? null : key;
    }

    /** The topic as the place for what a store refuses: one that keeps letters waits for the log's answer. */
    public DeadLetters deadLetters() {
        return new DeadLetters() {
            @Override
            public void keep(List<Letter> letters) throws IOException {
                refuse(letters);
            }

            /** The writer is somebody else's. */
            @Override
            public void close() {}
        };
    }

    private void refuse(List<DeadLetters.Letter> letters) throws IOException {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>(letters.size());
        for (DeadLetters.Letter letter : letters) {
            records.add(new ProducerRecord<>(topic, keyOf(letter.id()), described(letter)));
        }
        try {
            writer.write(records).toCompletableFuture().get(LOG_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while refused records were written into " + topic, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("refused records could not be written into " + topic, e);
        }
        meters.counter("tickcast.kafka.rejected.records", "topic", "store").increment(letters.size());
    }

    private byte[] described(DeadLetters.Letter letter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(letter.json().length + 256);
        try (JsonGenerator out = RecordJson.factory().createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("v", 1);
            out.writeStringField("kind", "refused");
            RecordJson.text(out, "reason", cut(letter.reason()));
            RecordJson.time(out, "rejectedAt", clock.instant());
            RecordJson.text(out, "recordKind", letter.kind());
            RecordJson.text(out, "id", cut(letter.id()));
            if (letter.json().length > LONGEST_RECORD) {
                out.writeNullField("record");
            } else {
                out.writeFieldName("record");
                out.writeRawValue(new String(letter.json(), StandardCharsets.UTF_8));
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private byte[] described(ConsumerRecord<String, byte[]> bad, String reason) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = RecordJson.factory().createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("v", 1);
            out.writeStringField("kind", "rejected");
            RecordJson.text(out, "reason", reason);
            RecordJson.time(out, "rejectedAt", clock.instant());
            RecordJson.text(out, "topic", bad.topic());
            out.writeNumberField("partition", bad.partition());
            out.writeNumberField("offset", bad.offset());
            RecordJson.text(out, "key", bad.key() == null ? null : cut(bad.key()));
            writeValue(out, bad.value());
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a rejected record could not be described", e);
        }
        return bytes.toByteArray();
    }

    /** Text as text, anything else in Base64; what is longer than 64 KiB is cut, it still lies where it came from. */
    private static void writeValue(JsonGenerator out, byte[] value) throws IOException {
        if (value == null) {
            out.writeNullField("value");
            return;
        }
        int length = value.length <= LONGEST_VALUE ? value.length : beginOfCharacter(value, LONGEST_VALUE);
        out.writeNumberField("valueBytes", value.length);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value, 0, length))
                    .toString();
            RecordJson.text(out, "value", text);
        } catch (CharacterCodingException e) {
            byte[] cut = length == value.length ? value : java.util.Arrays.copyOf(value, length);
            out.writeStringField("valueBase64", Base64.getEncoder().encodeToString(cut));
        }
    }

    /** The last place up to {@code limit} at which a cut goes through no character of UTF-8. */
    private static int beginOfCharacter(byte[] value, int limit) {
        int place = limit;
        while (place > limit - 4 && (value[place] & 0xC0) == 0x80) {
            place--;
        }
        return place;
    }
}
