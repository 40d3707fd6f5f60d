package tickcast.http.node;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.BoosterSettings;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.Member;
import tickcast.model.training.ModelTrainer;
import tickcast.model.training.Progress;
import tickcast.model.training.ServedVectors;
import tickcast.model.training.TrainingSetBuilder;
import tickcast.model.training.TrainingSettings;
import tickcast.streams.archive.ShelvedModelRegistry;

/** Small models of the market of {@link Recording}, each trained once, without flow, as on files of trades. */
final class PinnedModel {

    private static final int HORIZON = 5;
    private static final TrainingSettings SETTINGS = TrainingSettings.defaults(HORIZON)
            .withMinimumHistory(TrainingSettings.LEAST_HISTORY)
            .withMembers(List.of(Member.PSEUDO_HUBER, Member.RIDGE, Member.SCALE))
            .withBooster(new BoosterSettings(12, 0.1, 3, 50, 0.5, 0.5, 10, 32))
            .withThreads(1);

    private record Of(Instant now, double activity) {}

    private static final Map<Of, TrainedModel> TRAINED = new HashMap<>();

    private PinnedModel() {}

    /** Trains at the first call for an instant, on 13 days before it. */
    static TrainedModel train(Instant now) {
        return train(now, Recording.ACTIVITY);
    }

    /** The same for a recording with more trades or fewer. */
    static synchronized TrainedModel train(Instant now, double activity) {
        return TRAINED.computeIfAbsent(new Of(now, activity), of -> fit(now, activity));
    }

    private static TrainedModel fit(Instant now, double activity) {
        Map<Symbol, List<Candle>> candles = new TreeMap<>();
        var market = Recording.market(activity);
        for (Symbol symbol : Recording.SYMBOLS) {
            candles.put(
                    symbol,
                    market.candles(symbol, now.minus(Duration.ofDays(13)), now).stream()
                            .map(PinnedModel::withoutFlow)
                            .toList());
        }
        var set = new TrainingSetBuilder(HORIZON, ServedVectors.NONE)
                .build(MarketHistory.of(candles, List.of()), now, Progress.SILENT);
        return new ModelTrainer(SETTINGS).train(set, MarketSource.SIMULATED.key(), now, Progress.SILENT);
    }

    private static Candle withoutFlow(Candle candle) {
        return new Candle(
                candle.symbol(),
                candle.openTime(),
                candle.open(),
                candle.high(),
                candle.low(),
                candle.close(),
                candle.volume(),
                candle.notional(),
                candle.trades() > 0 ? Double.NaN : candle.buyVolume(),
                candle.trades(),
                candle.firstTradeId(),
                candle.lastTradeId(),
                candle.quality(),
                candle.revision(),
                candle.knownAt(),
                candle.imported());
    }

    /** Makes it the champion of a source below a data directory. Returns its version. */
    static String pin(TrainedModel model, Path dataDirectory, MarketSource source) {
        ShelvedModelRegistry registry = ShelvedModelRegistry.inFolder(
                dataDirectory.resolve(source.key()).resolve("models"),
                FeatureSchema.current().hash(),
                InstantSource.system());
        return registry.promote(registry.register(model).version(), "pinned for a drill")
                .version();
    }
}
