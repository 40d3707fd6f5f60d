package tickcast.http.node;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tickcast.model.archive.Retention;
import tickcast.model.market.Symbol;
import tickcast.model.training.Member;
import tickcast.model.training.SearchSettings;
import tickcast.model.training.TrainingSettings;
import tickcast.streams.elasticsearch.ElasticsearchSettings;
import tickcast.streams.exchange.kraken.KrakenSettings;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.news.NewsSettings;

/**
 * The whole configuration of a node, read once and checked: a wrong value throws {@link WrongSetting}, one line that
 * names the key, the value and what is allowed.
 */
record Settings(
        List<Symbol> symbols,
        boolean symbolsGiven,
        Market market,
        BusChoice bus,
        KafkaSettings kafka,
        Store store,
        Path dataDirectory,
        Set<Role> roles,
        Forecast forecast,
        Training training,
        News news,
        Retention retention,
        Http http) {

    /** How trades and headlines get to the markets. */
    enum BusChoice {
        DIRECT,
        KAFKA
    }

    /** Where trades come from. */
    enum SourceChoice {
        KRAKEN,
        REPLAY,
        SIMULATED,
        TOPIC,
        AUTO
    }

    /** Where records and models are kept. */
    enum StoreChoice {
        EMBEDDED,
        ELASTICSEARCH
    }

    /**
     * @param elasticsearch present exactly when it is chosen
     * @param spillBytes how much a file may take while it is away
     */
    record Store(Optional<ElasticsearchSettings> elasticsearch, long spillBytes) {}

    record Market(SourceChoice source, Duration grace, KrakenSettings kraken, Replay replay, Simulated simulated) {}

    record Replay(String directory, double speed) {}

    record Simulated(long seed, Duration history, Duration catchUp) {}

    /** @param coverages of the intervals, rising */
    record Forecast(int horizonMinutes, List<Double> coverages, Duration panelTimeout, Duration staleAfter) {}

    record Training(
            boolean enabled,
            Duration history,
            Duration minimumHistory,
            Duration interval,
            Duration retryInterval,
            int threads,
            List<Member> members,
            SearchSettings search) {}

    record News(List<String> feeds, boolean feedsGiven, Duration interval) {}

    record Http(
            String host,
            int port,
            String operatorToken,
            String readToken,
            List<String> allowedOrigins,
            List<String> allowedHosts,
            int maxConnections,
            int maxConnectionsPerAddress) {

        /**
         * The names by which the server may be called, lower case; empty = any. Where reading needs a token, or is open to a
         * network anyway, names are not looked at unless some are configured.
         */
        Set<String> hosts() {
            boolean open = SettingsReader.isLoopback(host) && readToken.isEmpty();
            if (allowedHosts.contains("*") || allowedHosts.isEmpty() && !open) {
                return Set.of();
            }
            return Stream.concat(
                            Stream.of("localhost", "127.0.0.1", "[::1]", host.contains(":") ? "[" + host + "]" : host),
                            allowedHosts.stream())
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
        }
    }

    /** Reads {@code tickcast { … }}. @throws WrongSetting when a value is not allowed */
    static Settings of(Config root) {
        SettingsReader config = new SettingsReader(root, "tickcast");
        new SettingsReader(root, "akka.management.http").whole("port", 0, 65535);
        config.text("sentiment.scorer").mustBe("lexicon", "llm comes with a later release");
        BusChoice bus = config.choice("bus", BusChoice.class);
        Market market = market(config);
        if (market.source() == SourceChoice.TOPIC && bus != BusChoice.KAFKA) {
            throw new WrongSetting("tickcast.market.source", "topic", "topic only with BUS=kafka");
        }
        return new Settings(
                config.symbols("symbols"),
                config.isOverridden("symbols"),
                market,
                bus,
                KafkaReader.read(config),
                store(config),
                config.path("data-directory"),
                config.roles("roles"),
                forecast(config),
                training(config),
                new News(
                        config.webAddresses("news.feeds"),
                        config.isOverridden("news.feeds"),
                        config.duration("news.interval", "1s", "1d")),
                retention(config),
                http(config));
    }

    private static Store store(SettingsReader config) {
        boolean elasticsearch = config.choice("store", StoreChoice.class) == StoreChoice.ELASTICSEARCH;
        return new Store(
                elasticsearch ? Optional.of(ElasticsearchReader.read(config)) : Optional.empty(),
                config.bytes("elasticsearch.spill-limit", 1 << 20));
    }

    /** How models are trained here. */
    TrainingSettings trainingSettings() {
        return TrainingSettings.defaults(forecast.horizonMinutes())
                .with(training.minimumHistory(), training.members(), training.threads());
    }

    /** How news is read here. */
    NewsSettings newsSettings() {
        NewsSettings usual = NewsSettings.of(news.feeds());
        return new NewsSettings(
                usual.feeds(),
                news.interval(),
                usual.timeout(),
                usual.maxBytes(),
                usual.maxRedirects(),
                usual.longestWait(),
                usual.maxAge(),
                usual.remembered());
    }

    private static Market market(SettingsReader config) {
        SourceChoice source = config.choice("market.source", SourceChoice.class);
        Replay replay = new Replay(
                config.text("market.replay.directory").value(), config.number("market.replay.speed", 0, 1_000_000));
        if (source == SourceChoice.REPLAY) {
            config.directory("market.replay.directory");
        }
        return new Market(
                source,
                config.duration("market.grace", "0s", "10s"),
                kraken(config),
                replay,
                new Simulated(
                        config.whole("market.simulated.seed", Long.MIN_VALUE, Long.MAX_VALUE),
                        config.duration("market.simulated.history", "0s", "90d"),
                        config.duration("market.simulated.catch-up", "10m", "7d")));
    }

    private static KrakenSettings kraken(SettingsReader config) {
        config.address("market.kraken.websocket-url", "ws", "wss");
        config.address("market.kraken.rest-url", "http", "https");
        config.duration("market.kraken.rest-interval", "0s", "60s");
        config.flag("market.kraken.read-back");
        Duration depth = config.duration("market.kraken.read-back-depth", "0d", "400d");
        Duration kept = retention(config).candles();
        return config.section("market.kraken", KrakenSettings::from)
                .withReadBackDepth(depth.compareTo(kept) < 0 ? depth : kept);
    }

    private static Forecast forecast(SettingsReader config) {
        return new Forecast(
                (int) config.minutes("forecast.horizon", 1, 60),
                config.shares("forecast.coverages"),
                config.duration("forecast.panel-timeout", "10ms", "20s"),
                config.duration("forecast.stale-after", "1h", "3650d"));
    }

    private static Training training(SettingsReader config) {
        return new Training(
                config.flag("training.enabled"),
                config.duration("training.history", "1d", "3650d"),
                config.duration("training.minimum-history", "13d", "3650d"),
                config.duration("training.interval", "1h", "365d"),
                config.duration("training.retry-interval", "1s", "1d"),
                (int) config.whole("training.threads", 1, 64),
                members(config),
                new SearchSettings(
                        (int) config.whole("training.search.trials", 0, SearchSettings.MOST_TRIALS),
                        config.whole("training.search.seed", Long.MIN_VALUE, Long.MAX_VALUE),
                        config.duration("training.search.budget", "0s", "1d")));
    }

    private static List<Member> members(SettingsReader config) {
        List<Member> members = config.choices("training.members", Member.class);
        if (members.stream().allMatch(member -> member == Member.SCALE)) {
            throw new WrongSetting(
                    "tickcast.training.members", members.toString(), "at least one of pseudo-huber, absolute, ridge");
        }
        return members;
    }

    private static Retention retention(SettingsReader config) {
        return new Retention(
                config.duration("retention.candles", "3d", "36500d"),
                config.duration("retention.features", "1d", "36500d"),
                config.duration("retention.predictions", "1d", "36500d"),
                config.duration("retention.errors", "1d", "36500d"),
                config.duration("retention.sentiment", "1d", "36500d"));
    }

    private static Http http(SettingsReader config) {
        String host = config.text("http.host").value();
        String readToken = config.text("http.read-token").value();
        boolean insecure = config.flag("http.insecure");
        if (!SettingsReader.isLoopback(host) && readToken.isEmpty() && !insecure) {
            throw new WrongSetting(
                    "tickcast.http.host",
                    host,
                    "a loopback address, or set READ_TOKEN, or INSECURE=true to let everybody read");
        }
        return new Http(
                host,
                (int) config.whole("http.port", 0, 65535),
                config.text("http.operator-token").value(),
                readToken,
                config.origins("http.allowed-origins"),
                config.hosts("http.allowed-hosts"),
                (int) config.whole("http.max-connections", 1, 1_000_000),
                (int) config.whole("http.max-connections-per-address", 1, 1_000_000));
    }
}
