package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tickcast.model.market.Symbol;
import tickcast.model.training.BacktestSettings;
import tickcast.model.training.Member;
import tickcast.model.training.TrainingSettings;
import tickcast.streams.elasticsearch.ElasticsearchSettings;

class SettingsTest {

    @Test
    void shouldHaveTheDefaultsOfTheContract() {
        Settings settings = Settings.of(config(""));

        assertEquals(
                List.of("BTC/USD", "ETH/USD", "SOL/USD", "XRP/USD"),
                settings.symbols().stream().map(Symbol::name).toList());
        assertFalse(settings.symbolsGiven());
        assertEquals(Settings.SourceChoice.KRAKEN, settings.market().source());
        assertEquals(5, settings.forecast().horizonMinutes());
        assertEquals(List.of(0.8, 0.95), settings.forecast().coverages());
        assertEquals(
                TrainingSettings.defaults(5).members(),
                settings.trainingSettings().members());
        assertEquals(EnumSet.allOf(Role.class), settings.roles());
        assertEquals(8080, settings.http().port());
        assertEquals("127.0.0.1", settings.http().host());
        assertEquals(Duration.ofDays(400), settings.retention().candles());
        assertEquals(3, settings.news().feeds().size());
    }

    @Test
    void shouldBacktestWhatIsSet() {
        BacktestSettings backtest = BacktestCommand.backtestSettings(
                Settings.of(config("training.members = \"ridge,scale\", forecast.coverages = \"0.5,0.9\"")),
                Duration.ofHours(12));

        assertEquals(List.of(Member.RIDGE, Member.SCALE), backtest.training().members());
        assertEquals(List.of(0.5, 0.9), backtest.coverages());
        assertEquals(TrainingSettings.LEAST_HISTORY, backtest.training().minimumHistory());
        assertEquals(Duration.ofHours(12), backtest.retrainEvery());
        assertEquals(
                BacktestSettings.defaults(5).training(),
                BacktestCommand.backtestSettings(Settings.of(config("")), Duration.ofDays(1))
                        .training());
    }

    @Test
    void shouldTakeCommaSeparatedListsAndOldNames() {
        Settings settings =
                Settings.of(config("symbols = \"XBT/USD, ethusd\", news.feeds = \"\", roles = \"prediction-api\""));

        assertEquals(
                List.of("BTC/USD", "ETH/USD"),
                settings.symbols().stream().map(Symbol::name).toList());
        assertTrue(settings.symbolsGiven());
        assertTrue(settings.news().feeds().isEmpty());
        assertEquals(EnumSet.of(Role.PREDICTION_API), settings.roles());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "symbols = \"FOO\"|tickcast.symbols|FOO|BTC/USD",
                "forecast.coverages = \"0.95,0.8\"|tickcast.forecast.coverages|0.8|rising",
                "forecast.coverages = \"most\"|tickcast.forecast.coverages|most|0.8,0.95",
                "training.members = \"ridge,ridge\"|tickcast.training.members|ridge,ridge|once",
                "training.members = \"forest\"|tickcast.training.members|forest|pseudo-huber",
                "training.members = \"scale\"|tickcast.training.members|[SCALE]|ridge",
                "market.source = moon|tickcast.market.source|moon|kraken, replay, simulated, topic, auto",
                "market.source = topic|tickcast.market.source|topic|BUS=kafka",
                "market.source = replay|tickcast.market.replay.directory||Kraken's download layout",
                "market.replay.speed = -1|tickcast.market.replay.speed|-1|0",
                "bus = pigeon|tickcast.bus|pigeon|direct, kafka",
                "kafka.partitions = 0|tickcast.kafka.partitions|0|a whole number from 1",
                "kafka.replication = some|tickcast.kafka.replication|some|a whole number from 1",
                "kafka.bootstrap-servers = here|tickcast.kafka.bootstrap-servers|here|host:port",
                "kafka.compression = zip|tickcast.kafka.compression|zip|lz4",
                "kafka.topics.trades.retention = 59m|tickcast.kafka.topics.trades.retention|59m|from 1h",
                "kafka.topics.news.name = \"my news\"|tickcast.kafka.topics.news.name|my news|letters",
                "kafka.topics.errors.cleanup = never|tickcast.kafka.topics.errors.cleanup|never|compact",
                "elasticsearch.spill-limit = 0|tickcast.elasticsearch.spill-limit|0|512MiB",
                "elasticsearch.spill-limit = lots|tickcast.elasticsearch.spill-limit|lots|512MiB",
                "store = mysql|tickcast.store|mysql|elasticsearch",
                "store = elasticsearch, elasticsearch.url = nowhere|tickcast.elasticsearch.url|nowhere|https://",
                "store = elasticsearch, elasticsearch.url = \"http://h/es\"|tickcast.elasticsearch.url|http://h/es|without a path",
                "sentiment.scorer = llm|tickcast.sentiment.scorer|llm|lexicon",
                "forecast.horizon = 90s|tickcast.forecast.horizon|90s|whole minutes",
                "http.port = 99999|tickcast.http.port|99999|65535",
                "http.port = soon|tickcast.http.port|soon|65535",
                "http.host = 0.0.0.0|tickcast.http.host|0.0.0.0|READ_TOKEN",
                "market.kraken.read-back-depth = 500d|tickcast.market.kraken.read-back-depth|500d|duration",
                "roles = \"cook\"|tickcast.roles|cook|technical-indicators",
                "retention.candles = never|tickcast.retention.candles|never|duration",
                "http.insecure = maybe|tickcast.http.insecure|maybe|true or false",
                "http.allowed-origins = desk|tickcast.http.allowed-origins|desk|http://",
                "http.allowed-hosts = \"desk:80\"|tickcast.http.allowed-hosts|desk:80|without scheme and port",
                "data-directory = \"\"|tickcast.data-directory||a directory",
                "news.feeds = \"ftp://x\"|tickcast.news.feeds|ftp://x|http://"
            })
    void shouldNameKeyValueAndWhatIsAllowed(String setting, String key, String value, String allowed) {
        WrongSetting refusal = assertThrows(WrongSetting.class, () -> Settings.of(config(setting)));

        String message = refusal.getMessage();
        assertTrue(message.startsWith(key + " = "), message);
        assertTrue(message.contains("'" + (value == null ? "" : value)), message);
        assertTrue(message.contains(allowed), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void shouldTakeElasticsearchsAddressWithASlash() {
        ElasticsearchSettings settings = Settings.of(
                        config("store = elasticsearch, elasticsearch.url = \"https://es.example/,http://[::1]:9200\""))
                .store()
                .elasticsearch()
                .orElseThrow();
        assertEquals(List.of(URI.create("https://es.example"), URI.create("http://[::1]:9200")), settings.urls());
    }

    @Test
    void shouldRefuseTwoSaysOfWhomToTrust(@TempDir Path directory) throws IOException {
        Path certificate = Files.writeString(directory.resolve("ca.crt"), "a certificate");
        String both = "store = elasticsearch, elasticsearch.ca-certificate = \"" + certificate
                + "\", elasticsearch.ca-fingerprint = \"" + "0f".repeat(32) + "\"";
        WrongSetting refusal = assertThrows(WrongSetting.class, () -> Settings.of(config(both)));
        assertTrue(refusal.getMessage().contains("not both"), refusal.getMessage());
    }

    @Test
    void shouldBindElsewhereWithAReadToken() {
        assertEquals(
                "0.0.0.0",
                Settings.of(config("http.host = 0.0.0.0, http.read-token = x"))
                        .http()
                        .host());
    }

    @Test
    void shouldKnowItsNamesWhereReadingIsOpen() {
        assertEquals(
                Set.of("localhost", "127.0.0.1", "[::1]"),
                Settings.of(config("")).http().hosts());
        assertEquals(
                Set.of("localhost", "127.0.0.1", "[::1]", "desk.example"),
                Settings.of(config("http.allowed-hosts = \"Desk.example\""))
                        .http()
                        .hosts());
        for (String any : List.of(
                "http.read-token = x", "http.host = 0.0.0.0, http.insecure = true", "http.allowed-hosts = \"*\"")) {
            assertEquals(Set.of(), Settings.of(config(any)).http().hosts(), any);
        }
    }

    @Test
    void shouldMoveWhatQuotesAnOverriddenKeyToo() {
        Config config = NodeConfig.load(ConfigFactory.parseString("akka.management.http.port = 4711"));
        assertEquals(4711, config.getInt("akka.management.http.bind-port"));
        assertEquals(
                7,
                NodeConfig.load(ConfigFactory.parseString("tickcast.http.max-connections = 7"))
                        .getInt("akka.http.server.max-connections"));
    }

    @Test
    void shouldNotReadBackWhatIsNotKept() {
        assertEquals(
                Duration.ofDays(21),
                Settings.of(config("")).market().kraken().rest().readBackDepth());
        assertEquals(
                Duration.ofDays(5),
                Settings.of(config("retention.candles = 5d"))
                        .market()
                        .kraken()
                        .rest()
                        .readBackDepth());
    }

    private static Config config(String tickcast) {
        return ConfigFactory.parseString("tickcast { " + tickcast + " }")
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}
