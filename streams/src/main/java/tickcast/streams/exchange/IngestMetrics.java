package tickcast.streams.exchange;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import tickcast.actors.market.Market;

/** What markets are given and answer. Thread safe. */
public final class IngestMetrics {

    private final MeterRegistry registry;
    private final Counter trades;
    private final Counter duplicates;
    private final Counter tooLate;
    private final Counter minutes;
    private final Counter revisions;
    private final Counter restarts;
    private final Timer closeLag;
    private final Timer closeTime;

    public IngestMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.trades = counter("tickcast.ingest.trades", "Trades taken by markets");
        this.duplicates = counter("tickcast.ingest.duplicates", "Trades whose id a market knew already");
        this.tooLate = counter("tickcast.ingest.too.late", "Trades of minutes that are no longer remembered");
        this.minutes = counter("tickcast.ingest.minutes", "Minutes closed, all symbols together counting once");
        this.revisions = counter("tickcast.ingest.revisions", "Closed candles that turned out otherwise");
        this.restarts = counter("tickcast.ingest.restarts", "Times the feed started again after a failure");
        this.closeLag = Timer.builder("tickcast.candle.close.lag")
                .description("From a minute's end until all its candles and predictions are stored, live")
                .register(registry);
        this.closeTime = Timer.builder("tickcast.candle.close.duration")
                .description("From asking all markets to close a minute until all have answered")
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** Shows how many markets are left out. */
    void watch(Stragglers stragglers) {
        registry.find("tickcast.ingest.left.out").gauges().forEach(registry::remove);
        Gauge.builder(
                        "tickcast.ingest.left.out",
                        stragglers,
                        left -> left.leftOut().size())
                .description("Markets that are left out because they do not answer")
                .register(registry);
    }

    void recorded(int count, Market.Recorded answer) {
        trades.increment(count);
        duplicates.increment(answer.duplicates());
        tooLate.increment(answer.tooLate());
    }

    void revised(Market.Revised answer) {
        revisions.increment(answer.changed());
    }

    /** A minute was closed. @param taken from asking until the answer */
    public void closed(Duration taken) {
        minutes.increment();
        closeTime.record(taken);
    }

    /** @param lag from a live minute's end until all that follows was stored */
    public void closedLive(Duration lag) {
        closeLag.record(lag.isNegative() ? Duration.ZERO : lag);
    }

    /** @param ask {@code trades}, {@code close} or {@code revise} */
    void retried(String ask) {
        Counter.builder("tickcast.ingest.retries")
                .description("Asks to markets that were repeated")
                .tag("ask", ask)
                .register(registry)
                .increment();
    }

    /** What feeds the markets failed and starts again. */
    public void restarted() {
        restarts.increment();
    }
}
