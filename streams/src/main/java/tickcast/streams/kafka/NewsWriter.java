package tickcast.streams.kafka;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.pattern.Patterns;
import akka.stream.KillSwitches;
import akka.stream.RestartSettings;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.market.MarketSource;
import tickcast.model.sentiment.NewsItem;
import tickcast.streams.record.NewsCodec;
import tickcast.streams.record.Stamped;

/**
 * Brings this node's own headlines into the news topic, in order, one batch at a time: when Kafka is slow, feeds are polled
 * less. A headline that Kafka can't take for what it is costs nothing but itself; everything else is tried until it works.
 */
public final class NewsWriter {

    private static final Logger LOG = LoggerFactory.getLogger(NewsWriter.class);
    private static final int BATCH = 24;
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ActorSystem<?> system;
    private final Function<List<ProducerRecord<String, byte[]>>, CompletionStage<Done>> write;
    private final String topic;
    private final MarketSource source;
    private final Duration pause;
    private final Counter refused;

    public NewsWriter(
            ActorSystem<?> system,
            RecordWriter writer,
            KafkaSettings settings,
            MarketSource source,
            MeterRegistry meters) {
        this(system, writer::write, settings.name(BusTopic.NEWS), source, meters, Duration.ofSeconds(1));
    }

    /** @param pause before something is tried again; doubles with each failure up to half a minute */
    NewsWriter(
            ActorSystem<?> system,
            Function<List<ProducerRecord<String, byte[]>>, CompletionStage<Done>> write,
            String topic,
            MarketSource source,
            MeterRegistry meters,
            Duration pause) {
        this.system = system;
        this.write = write;
        this.topic = topic;
        this.source = source;
        this.pause = pause;
        this.refused = Counter.builder("tickcast.kafka.refused.headlines")
                .description("Headlines of this node's own feeds that Kafka did not take")
                .register(meters);
    }

    /** From headlines to acknowledged records. The switch ends it. */
    public RunnableGraph<UniqueKillSwitch> graph(Source<NewsItem, ?> items) {
        return RestartSource.onFailuresWithBackoff(RestartSettings.create(pause, LONGEST_PAUSE, 0.2), () -> items)
                .viaMat(KillSwitches.single(), Keep.right())
                .groupedWithin(BATCH, LINGER)
                .mapAsync(1, this::write)
                .to(Sink.ignore());
    }

    /** After a failure it is not known which of them are there; written twice they are known by their ids. */
    private CompletionStage<Done> write(List<NewsItem> batch) {
        return write.apply(batch.stream().map(this::row).toList()).exceptionallyCompose(failure -> {
            CompletionStage<Done> all = CompletableFuture.completedStage(Done.getInstance());
            for (NewsItem item : batch) {
                all = all.thenCompose(done -> write(item, pause));
            }
            return all;
        });
    }

    private CompletionStage<Done> write(NewsItem item, Duration pauseNow) {
        return write.apply(List.of(row(item))).exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (isItsOwnFault(cause)) {
                refused.increment();
                LOG.warn("Kafka does not take the headline {}: {}", item.id(), cause.toString());
                return CompletableFuture.completedStage(Done.getInstance());
            }
            LOG.info("Headlines wait for Kafka: {}", cause.toString());
            Duration doubled = pauseNow.multipliedBy(2);
            Duration next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            return Patterns.after(pauseNow, system, () -> write(item, next));
        });
    }

    private static boolean isItsOwnFault(Throwable cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof SerializationException
                || cause instanceof InvalidRecordException;
    }

    private ProducerRecord<String, byte[]> row(NewsItem item) {
        return new ProducerRecord<>(topic, item.id(), NewsCodec.NEWS.encode(new Stamped<>(item, source.key(), 0)));
    }
}
