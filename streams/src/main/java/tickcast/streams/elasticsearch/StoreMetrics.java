package tickcast.streams.elasticsearch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted about the archive in Elasticsearch. Thread safe. */
final class StoreMetrics {

    private final MeterRegistry registry;
    private final Counter retries;
    private final Counter deadLetters;
    private final AtomicLong pendingBytes = new AtomicLong();

    StoreMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.retries = Counter.builder("tickcast_archive_retries_total")
                .description("requests and records that were sent to the store again")
                .register(registry);
        this.deadLetters = Counter.builder("tickcast_archive_dead_letters_total")
                .description("records that the store refused for what they hold")
                .register(registry);
        Gauge.builder("tickcast_archive_pending_bytes", pendingBytes, AtomicLong::get)
                .description("encoded records that wait to be written")
                .baseUnit("bytes")
                .register(registry);
    }

    void retried() {
        retries.increment();
    }

    void refused() {
        deadLetters.increment();
    }

    void waiting(long bytes) {
        pendingBytes.addAndGet(bytes);
    }

    void written(String kind, int records, Duration took) {
        Timer.builder("tickcast_archive_write_seconds")
                .description("how long a bulk request took, its repetitions included")
                .publishPercentileHistogram()
                .tag("kind", kind)
                .register(registry)
                .record(took);
        Counter.builder("tickcast_archive_written_total")
                .description("records written, those that were there before included")
                .tag("kind", kind)
                .register(registry)
                .increment(records);
    }

    void unavailable(String kind) {
        Counter.builder("tickcast_archive_unavailable_total")
                .description("bulk requests that the store did not take in time")
                .tag("kind", kind)
                .register(registry)
                .increment();
    }
}
