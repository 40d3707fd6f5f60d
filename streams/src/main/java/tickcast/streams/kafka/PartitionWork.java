package tickcast.streams.kafka;

import akka.Done;
import akka.kafka.ConsumerMessage.CommittableOffset;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.IngestMetrics;
import tickcast.streams.exchange.MarketAsks;
import tickcast.streams.exchange.MarketsUnanswered;
import tickcast.streams.record.MarketRecord;

/**
 * Gives one partition's records to the markets: of one symbol one after the other, of different symbols side by side, so
 * that the panel of a minute fills. A market that fails is left out, and nothing that it missed is committed; when it is
 * back, or was started again in between, the work fails, so that it begins again from what is committed. Single-threaded
 * but for the answers.
 */
final class PartitionWork {

    private final int partition;
    private final MarketAsks asks;
    private final RejectedRecords rejected;
    private final KafkaWatch watch;
    private final IngestMetrics metrics;
    private final Symbol counted;
    private final InstantSource clock;
    private final OffsetTracker<CommittableOffset> tracker = new OffsetTracker<>();
    /** Of each symbol the last thing under way. */
    private final Map<Symbol, CompletionStage<Done>> tails = new ConcurrentHashMap<>();
    /** Symbols whose market has missed something. */
    private final Set<Symbol> behind = ConcurrentHashMap.newKeySet();

    private Optional<CommittableOffset> committed = Optional.empty();

    /** @param counted the symbol whose minutes are counted for all */
    PartitionWork(
            int partition,
            MarketAsks asks,
            RejectedRecords rejected,
            KafkaWatch watch,
            IngestMetrics metrics,
            Symbol counted,
            InstantSource clock) {
        this.partition = partition;
        this.asks = asks.anew();
        this.rejected = rejected;
        this.watch = watch;
        this.metrics = metrics;
        this.counted = counted;
        this.clock = clock;
    }

    /** Completes with the records when all of them are done with. Called in the order of the log. */
    CompletionStage<List<Reading>> work(List<Reading> readings) {
        asks.stragglers().knock(asks);
        Map<Symbol, List<MarketRecord>> bySymbol = new LinkedHashMap<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (Reading reading : readings) {
            if (reading instanceof Reading.Usable usable) {
                bySymbol.computeIfAbsent(usable.fact().symbol(), symbol -> new ArrayList<>())
                        .add(usable.fact());
            } else if (reading instanceof Reading.Bad bad) {
                all.add(rejected.reject(bad.message().record(), bad.reason()).toCompletableFuture());
            }
        }
        bySymbol.forEach((symbol, facts) -> all.add(chain(symbol, facts).toCompletableFuture()));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> readings);
    }

    private CompletionStage<Done> chain(Symbol symbol, List<MarketRecord> facts) {
        CompletionStage<Done> tail = tails.getOrDefault(symbol, CompletableFuture.completedStage(Done.getInstance()));
        for (Supplier<CompletionStage<Done>> step : steps(symbol, facts)) {
            tail = tail.thenCompose(done -> tell(symbol, step));
        }
        tails.put(symbol, tail);
        return tail;
    }

    private CompletionStage<Done> tell(Symbol symbol, Supplier<CompletionStage<Done>> step) {
        return asks.stragglers().tell(symbol, () -> patiently(step)).thenApply(took -> {
            if (!took) {
                behind.add(symbol);
            }
            return Done.getInstance();
        });
    }

    /** While Kafka is away no market can finish anything, which is no market's fault. */
    private CompletionStage<Done> patiently(Supplier<CompletionStage<Done>> step) {
        return step.get()
                .exceptionallyCompose(failure -> cause(failure) instanceof MarketsUnanswered
                                && !watch.trouble().isEmpty()
                        ? patiently(step)
                        : CompletableFuture.failedStage(failure));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The partition is no longer read here, or from elsewhere on. */
    void end() {
        asks.stragglers().release(tails.keySet());
        watch.released(partition);
    }

    /** Neighbouring trades go together. */
    private List<Supplier<CompletionStage<Done>>> steps(Symbol symbol, List<MarketRecord> facts) {
        List<Supplier<CompletionStage<Done>>> steps = new ArrayList<>();
        List<Trade> gathered = new ArrayList<>();
        for (MarketRecord fact : facts) {
            if (fact instanceof MarketRecord.Trades trades) {
                gathered.addAll(trades.trades());
                continue;
            }
            takeTrades(symbol, gathered, steps);
            gathered = new ArrayList<>();
            if (fact instanceof MarketRecord.Minute minute) {
                steps.add(() -> close(minute));
            } else if (fact instanceof MarketRecord.Candles candles) {
                steps.add(() -> asks.revise(symbol, candles.candles()));
            }
        }
        takeTrades(symbol, gathered, steps);
        return steps;
    }

    private void takeTrades(Symbol symbol, List<Trade> trades, List<Supplier<CompletionStage<Done>>> steps) {
        if (!trades.isEmpty()) {
            steps.add(() -> asks.record(symbol, trades));
        }
    }

    private CompletionStage<Done> close(MarketRecord.Minute minute) {
        Instant askedAt = clock.instant();
        CompletionStage<Done> closed = minute.candle().isPresent()
                ? asks.close(minute.candle().get(), minute.pace())
                : asks.close(minute.symbol(), minute.closeTime(), minute.coverage(), minute.alive(), minute.pace());
        return closed.thenApply(done -> {
            asks.stragglers().works(minute.symbol());
            Instant now = clock.instant();
            if (minute.symbol().equals(counted)) {
                metrics.closed(Duration.between(askedAt, now));
            }
            if (minute.pace() == Pace.CLOCK) {
                metrics.closedLive(Duration.between(minute.closeTime(), now));
            }
            return done;
        });
    }

    /** Takes note of what is done with. Returns what may be committed now, when it is more than before. */
    List<CommittableOffset> done(List<Reading> readings) {
        readings.forEach(this::track);
        watch.done(partition, readings.get(readings.size() - 1).offset() + 1);
        Optional<CommittableOffset> now = tracker.committable();
        if (now.equals(committed)) {
            return List.of();
        }
        committed = now;
        return now.map(List::of).orElse(List.of());
    }

    private void track(Reading reading) {
        if (!(reading instanceof Reading.Usable usable)) {
            tracker.passed(reading.commit());
        } else if (behind.contains(usable.fact().symbol())) {
            tracker.missed(usable.offset(), usable.commit(), usable.fact().symbol());
        } else if (usable.fact() instanceof MarketRecord.Trades trades) {
            tracker.traded(usable.offset(), usable.commit(), trades.symbol(), minutesOf(trades));
        } else if (usable.fact() instanceof MarketRecord.Minute minute) {
            Instant open = minute.closeTime().minus(Candle.INTERVAL);
            tracker.closed(usable.offset(), usable.commit(), minute.symbol(), Times.epochMinute(open));
        } else {
            tracker.passed(usable.commit());
        }
    }

    private static List<Long> minutesOf(MarketRecord.Trades trades) {
        return trades.trades().stream()
                .map(trade -> Math.floorDiv(trade.timeMicros(), 60_000_000L))
                .distinct()
                .collect(Collectors.toList());
    }
}
