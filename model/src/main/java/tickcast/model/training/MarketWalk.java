package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tickcast.model.feature.FeatureExtractor;
import tickcast.model.feature.FeatureVector;
import tickcast.model.feature.Panel;
import tickcast.model.forecast.Eligibility;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * Runs through a history minute by minute as it would have come live: each symbol's extractor takes its candle (holes
 * bridged flat), news counts from its known-at on, and the panel is joined. At every as-of only the past was touched.
 */
final class MarketWalk {

    /** One symbol at one as-of. @param candle that closed then, bridged ones included */
    record Step(Candle candle, FeatureVector vector, Eligibility eligibility) {}

    /** Sees every as-of once, rising; steps in the order of the symbols. */
    @FunctionalInterface
    interface Visitor {
        void visit(Instant asOf, List<Step> steps);
    }

    private final MarketHistory history;
    private final Set<Symbol> panel;
    private final List<Lane> lanes = new ArrayList<>();
    private int heard;

    MarketWalk(MarketHistory history) {
        this.history = history;
        this.panel = history.candles().keySet();
        history.candles().forEach((symbol, candles) -> lanes.add(new Lane(symbol, candles)));
    }

    void run(Visitor visitor, Progress progress) {
        Instant from = history.from();
        Instant to = history.to();
        long all = Math.max(1, Duration.between(from, to).toMinutes());
        long done = 0;
        for (Instant open = from; open.isBefore(to); open = open.plus(Candle.INTERVAL)) {
            hear(open.plus(Candle.INTERVAL));
            List<Step> steps = step(open);
            if (!steps.isEmpty()) {
                visitor.visit(open.plus(Candle.INTERVAL), steps);
            }
            if (++done % 1440 == 0) {
                progress.at("features", (double) done / all);
            }
        }
    }

    private void hear(Instant asOf) {
        List<Sentiment> news = new ArrayList<>();
        while (heard < history.sentiment().size()
                && !history.sentiment().get(heard).knownAt().isAfter(asOf)) {
            news.add(history.sentiment().get(heard++));
        }
        if (!news.isEmpty()) {
            lanes.forEach(lane -> lane.hear(news));
        }
    }

    private List<Step> step(Instant open) {
        List<Lane> moved = new ArrayList<>(lanes.size());
        List<FeatureVector> vectors = new ArrayList<>(lanes.size());
        for (Lane lane : lanes) {
            if (lane.moveTo(open)) {
                moved.add(lane);
                vectors.add(lane.extractor.vector(lane.extractor.asOf()));
            }
        }
        if (moved.isEmpty()) {
            return List.of();
        }
        List<FeatureVector> joined = Panel.join(vectors, panel);
        List<Step> steps = new ArrayList<>(moved.size());
        for (int i = 0; i < moved.size(); i++) {
            steps.add(new Step(moved.get(i).last, joined.get(i), moved.get(i).eligibility()));
        }
        return steps;
    }

    /** One symbol on its way. */
    private static final class Lane {

        private final Symbol symbol;
        private final List<Candle> candles;
        private final FeatureExtractor extractor;
        private int next;
        private Candle last;

        Lane(Symbol symbol, List<Candle> candles) {
            this.symbol = symbol;
            this.candles = candles;
            this.extractor = new FeatureExtractor(symbol);
        }

        void hear(List<Sentiment> news) {
            List<Sentiment> own = news.stream()
                    .filter(item ->
                            item.symbol().equals(symbol.name()) || item.symbol().equals(Sentiment.MARKET_WIDE))
                    .toList();
            if (!own.isEmpty()) {
                extractor.hear(own);
            }
        }

        /** Takes the minute. Returns false before the first and after the last candle. */
        boolean moveTo(Instant open) {
            if (next == candles.size() || candles.get(0).openTime().isAfter(open)) {
                return false;
            }
            Candle candle = candles.get(next);
            if (candle.openTime().equals(open)) {
                last = candle;
                next++;
            } else {
                last = Candle.missing(symbol, open, last.close(), open.plus(Candle.INTERVAL));
            }
            extractor.update(last);
            return true;
        }

        Eligibility eligibility() {
            return new Eligibility(true, extractor.hasGap(), extractor.minutesKnown(), extractor.isWarm());
        }
    }
}
