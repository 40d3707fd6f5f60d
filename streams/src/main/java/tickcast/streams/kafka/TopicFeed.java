package tickcast.streams.kafka;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.kafka.ManualSubscription;
import akka.kafka.Subscriptions;
import akka.kafka.javadsl.Consumer;
import akka.stream.RestartSettings;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import tickcast.actors.topic.FeedState;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.record.MarketRecord;

/**
 * A venue that other programs bring: they publish trades into the trades topic, with the source {@code topic}, and
 * nothing else. This feed reads along and only says when minutes have passed; the trades are in the log already.
 */
public final class TopicFeed implements TradeFeed {

    /** No symbol has a history yet. */
    private static final Instant NO_BEGINNING = Instant.EPOCH;

    private static final Duration TICK = Duration.ofMillis(100);
    /** Records of a minute may have been published so long before it began, by other clocks. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final List<Symbol> symbols;
    private final Duration grace;
    private final InstantSource clock;
    private final TradesReader reader;
    private volatile Supplier<String> trouble = () -> "";

    public TopicFeed(
            ActorSystem<?> system, KafkaSettings settings, List<Symbol> symbols, Duration grace, InstantSource clock) {
        this.system = system;
        this.settings = settings;
        this.symbols = List.copyOf(symbols);
        this.grace = grace;
        this.clock = clock;
        this.reader = new TradesReader(source(), Set.copyOf(symbols), clock);
    }

    @Override
    public MarketSource source() {
        return MarketSource.TOPIC;
    }

    @Override
    public List<Symbol> symbols() {
        return symbols;
    }

    /** The last minute that was predicted, which passes once more; the epoch when there is none. */
    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        CompletionStage<Instant> earliest = CompletableFuture.completedStage(Instant.MAX);
        for (Symbol symbol : symbols) {
            CompletionStage<Instant> own = archive.predictions(symbol, Page.latest(1))
                    .thenApply(newest -> newest.stream()
                            .map(prediction -> prediction.asOf().minus(Candle.INTERVAL))
                            .findFirst()
                            .orElse(Instant.MAX));
            earliest = earliest.thenCombine(own, (a, b) -> a.isBefore(b) ? a : b);
        }
        return earliest.thenApply(found -> found.equals(Instant.MAX) ? NO_BEGINNING : found);
    }

    /** While the log can't be read, it can't be said that the venue is silent. */
    @Override
    public void heed(Supplier<String> ofTheLog) {
        trouble = ofTheLog;
    }

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        Source<FeedEvent, NotUsed> waiting = Source.<FeedEvent>single(
                new StateChanged(FeedState.CONNECTING, "Waiting for trades in " + topic() + "."));
        return waiting.concat(RestartSource.onFailuresWithBackoff(
                RestartSettings.create(Duration.ofSeconds(1), Duration.ofSeconds(10), 0.2), () -> minutes(from)));
    }

    private String topic() {
        return settings.name(BusTopic.TRADES);
    }

    /** Begins anew after a failure: minutes that pass again change nothing. */
    private Source<FeedEvent, NotUsed> minutes(Instant from) {
        Optional<Instant> start = from.equals(NO_BEGINNING) ? Optional.empty() : Optional.of(from);
        Hearing hearing = new Hearing(new TopicClock(Set.copyOf(symbols), grace, start));
        Source<Optional<ConsumerRecord<String, byte[]>>, NotUsed> records = Consumer.plainSource(
                        Consumers.settings(system, settings), subscription(start))
                .mapMaterializedValue(control -> NotUsed.getInstance())
                .map(Optional::of);
        Source<Optional<ConsumerRecord<String, byte[]>>, NotUsed> ticks =
                Source.<Optional<ConsumerRecord<String, byte[]>>>tick(TICK, TICK, Optional.empty())
                        .mapMaterializedValue(cancellable -> NotUsed.getInstance());
        return records.merge(ticks, true).mapConcat(hearing::take);
    }

    /** What the clock hears and the state that follows from it. Used by one stream. */
    private final class Hearing {
        private final TopicClock venue;
        private FeedState state = FeedState.CONNECTING;

        Hearing(TopicClock venue) {
            this.venue = venue;
        }

        List<FeedEvent> take(Optional<ConsumerRecord<String, byte[]>> arrival) {
            Instant now = clock.instant();
            if (arrival.isPresent()) {
                hear(arrival.get(), now);
                return List.of();
            }
            if (!trouble.get().isEmpty()) {
                venue.stand(now);
            }
            if (venue.stands(now)) {
                return List.of();
            }
            List<FeedEvent> events = new ArrayList<>(venue.tick(now));
            FeedState next = venue.isAlive(now) ? FeedState.LIVE : FeedState.SILENT;
            if (next != state && (state != FeedState.CONNECTING || next == FeedState.LIVE)) {
                state = next;
                events.add(new StateChanged(
                        next,
                        next == FeedState.LIVE
                                ? "Trades come in by " + topic() + "."
                                : "Nobody has published into " + topic() + " for " + TopicClock.SILENCE.toSeconds()
                                        + " s."));
            }
            return events;
        }

        private void hear(ConsumerRecord<String, byte[]> row, Instant now) {
            reader.tradesOf(row).ifPresent(trades -> hear(trades, now));
        }

        private void hear(MarketRecord.Trades trades, Instant now) {
            venue.heard(now);
            trades.trades().forEach(trade -> venue.traded(Times.ofMicros(trade.timeMicros()), now));
        }
    }

    private ManualSubscription subscription(Optional<Instant> start) {
        Map<TopicPartition, Long> times = new HashMap<>();
        for (int i = 0; i < settings.partitions(); i++) {
            times.put(
                    new TopicPartition(topic(), i),
                    start.map(from -> from.minus(CLOCKS_DIFFER).toEpochMilli()).orElse(0L));
        }
        return Subscriptions.assignmentOffsetsForTimes(times);
    }
}
