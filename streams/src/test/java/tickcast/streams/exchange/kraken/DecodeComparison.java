package tickcast.streams.exchange.kraken;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/**
 * The same frames, one trade each as on a usual day, made into closed candles twice: by the feed's own path (decoder, sequence
 * of ids, watermark, candle builder) and by a loop over Jackson's tokens as one writes it by hand.
 */
public final class DecodeComparison {

    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    private static final List<Symbol> SYMBOLS = List.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"));
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final byte[][] frames;
    private int candles;

    private DecodeComparison(byte[][] frames) {
        this.frames = frames;
    }

    public static DecodeComparison of(int trades) {
        List<Trade> script = TradeScript.random(7, SYMBOLS, trades, START, Duration.ofSeconds(trades / 20));
        byte[][] frames = script.stream()
                .map(trade -> KrakenWords.trades("update", List.of(trade)).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return new DecodeComparison(frames);
    }

    /** CPU nanoseconds per trade of both ways, and ours in terms of the other: medians. */
    public record Figures(double feedNanos, double handNanos, double ratio) {}

    /** What {@link #compare} finds, in words. */
    public String measure(int rounds) {
        Figures figures = compare(rounds);
        return String.format(
                "frame bytes to closed candle, CPU ns per trade: feed %.0f, hand-written Jackson loop %.0f, ratio %.2f"
                        + " (medians of %d rounds of %d trades, %d candles)",
                figures.feedNanos(), figures.handNanos(), figures.ratio(), rounds, frames.length, candles);
    }

    /** Medians over the rounds, after a warm-up of a third as many. */
    public Figures compare(int rounds) {
        for (int i = 0; i < Math.max(3, rounds / 3); i++) {
            ours();
            byHand();
        }
        double[] ours = new double[rounds];
        double[] hand = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ours[i] = nanosPerTrade(this::ours);
            hand[i] = nanosPerTrade(this::byHand);
            ratios[i] = ours[i] / hand[i];
        }
        return new Figures(median(ours), median(hand), median(ratios));
    }

    private double nanosPerTrade(Runnable path) {
        long before = THREADS.getCurrentThreadCpuTime();
        path.run();
        return (THREADS.getCurrentThreadCpuTime() - before) / (double) frames.length;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void ours() {
        CandleLedger ledger = new CandleLedger(SYMBOLS);
        KrakenFrames decoder = new KrakenFrames(SYMBOLS);
        Reconciler reconciler = new Reconciler(
                KrakenSettings.defaults(URI.create("ws://unused"), URI.create("http://unused")),
                SYMBOLS,
                START,
                new FeedMetrics(new SimpleMeterRegistry()),
                ledger::take);
        for (byte[] frame : frames) {
            Frame.Trades trades = (Frame.Trades) decoder.decode(frame);
            Instant now = Times.ofMicros(trades.trades().get(0).timeMicros());
            reconciler.take(trades, now, true);
            reconciler.tracks().forEach(DecodeComparison::answerFromHistory);
            reconciler.hear(now, true);
            reconciler.release(now, true);
        }
        candles = ledger.passed().size() * SYMBOLS.size();
    }

    /** An id that the exchange itself left out: its history is asked within a second and knows of no trade either. */
    private static void answerFromHistory(SymbolTrack track) {
        if (track.needsHistory()) {
            track.giveUp();
        }
    }

    private void byHand() {
        try {
            HandLoop loop = new HandLoop();
            for (byte[] frame : frames) {
                loop.take(frame);
            }
            candles = Math.max(candles, loop.closed.size());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What one writes in an afternoon: tokens, a map of symbols, one open minute each, no ids, no gaps, no bad input. */
    private static final class HandLoop {
        private static final JsonFactory JSON = JsonFactory.builder()
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .build();

        private static final class Minute {
            private long minute = -1;
            private double open;
            private double high;
            private double low;
            private double close;
            private double volume;
            private double notional;
            private double bought;
            private int trades;
        }

        private final Map<String, Minute> minutes = new HashMap<>();
        private final List<Candle> closed = new ArrayList<>();

        void take(byte[] frame) throws IOException {
            try (JsonParser parser = JSON.createParser(frame)) {
                String channel = "";
                while (parser.nextToken() != null) {
                    if (parser.currentToken() != JsonToken.FIELD_NAME) {
                        continue;
                    }
                    String field = parser.currentName();
                    parser.nextToken();
                    if (field.equals("channel")) {
                        channel = parser.getText();
                    } else if (field.equals("data") && channel.equals("trade")) {
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            trade(parser);
                        }
                    }
                }
            }
        }

        private void trade(JsonParser parser) throws IOException {
            String symbol = "";
            boolean buy = false;
            double price = 0;
            double quantity = 0;
            long micros = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "symbol" -> symbol = parser.getText();
                    case "side" -> buy = parser.getText().equals("buy");
                    case "price" -> price = parser.getDoubleValue();
                    case "qty" -> quantity = parser.getDoubleValue();
                    case "timestamp" ->
                        micros = ExchangeTime.ofIso(
                                parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
                    default -> parser.skipChildren();
                }
            }
            add(symbol, buy, price, quantity, micros);
        }

        private void add(String symbol, boolean buy, double price, double quantity, long micros) {
            Minute minute = minutes.computeIfAbsent(symbol, name -> new Minute());
            long number = micros / ExchangeTime.MINUTE;
            if (minute.minute != number) {
                close(symbol, minute);
                minute.minute = number;
                minute.open = price;
                minute.high = price;
                minute.low = price;
                minute.volume = 0;
                minute.notional = 0;
                minute.bought = 0;
                minute.trades = 0;
            }
            minute.high = Math.max(minute.high, price);
            minute.low = Math.min(minute.low, price);
            minute.close = price;
            minute.volume += quantity;
            minute.notional += price * quantity;
            minute.bought += buy ? quantity : 0;
            minute.trades++;
        }

        private void close(String name, Minute minute) {
            if (minute.minute >= 0) {
                closed.add(new Candle(
                        Symbol.parse(name),
                        Times.ofEpochMinute(minute.minute),
                        minute.open,
                        minute.high,
                        minute.low,
                        minute.close,
                        minute.volume,
                        minute.notional,
                        minute.bought,
                        minute.trades,
                        -1,
                        -1,
                        Quality.COMPLETE,
                        0,
                        START,
                        false));
            }
        }
    }
}
