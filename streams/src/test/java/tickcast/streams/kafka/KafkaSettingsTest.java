package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

    private static Config config(String topic, String retention) {
        Config config = ConfigFactory.parseString(
                "bootstrap-servers = \"localhost:9092\", partitions = 2, replication = 1, compression = lz4, client {}");
        for (BusTopic each : BusTopic.values()) {
            config = config.withValue(
                    "topics." + each.label(),
                    ConfigFactory.parseString("name = " + each.label() + ", retention = 7d, cleanup = delete")
                            .root());
        }
        return config.withValue("topics." + topic + ".retention", ConfigValueFactory.fromAnyRef(retention));
    }

    @Test
    void shouldKeepTradesForAnHourAtLeast() {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> KafkaSettings.from(config("trades", "59m")));
        assertTrue(refused.getMessage().contains("topics.trades.retention"), refused::getMessage);
        assertTrue(refused.getMessage().contains("at least 60m"), refused::getMessage);
        assertEquals(
                Duration.ofHours(1),
                KafkaSettings.from(config("trades", "1h"))
                        .topics()
                        .get(BusTopic.TRADES)
                        .retention());
        assertEquals(
                Duration.ofMinutes(1),
                KafkaSettings.from(config("news", "1m"))
                        .topics()
                        .get(BusTopic.NEWS)
                        .retention());
    }
}
