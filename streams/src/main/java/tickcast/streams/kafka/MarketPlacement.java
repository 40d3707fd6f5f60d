package tickcast.streams.kafka;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.sharding.external.ExternalShardAllocationStrategy;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.kafka.cluster.sharding.KafkaClusterSharding;
import akka.util.Timeout;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tickcast.actors.market.Market;

/** Markets live where their partition is read: shard = partition, by Kafka's own hash of the symbol's name. */
public final class MarketPlacement {

    private static final Duration LOCATION_TIMEOUT = Duration.ofSeconds(5);

    private MarketPlacement() {}

    /** For {@link Market#init}, on every node alike. */
    public static UnaryOperator<Entity<Market.Command, ShardingEnvelope<Market.Command>>> of(
            ActorSystem<?> system, KafkaSettings settings) {
        KafkaClusterSharding sharding = KafkaClusterSharding.get(Adapter.toClassic(system));
        return entity -> entity.withMessageExtractor(sharding.<Market.Command>messageExtractor(settings.partitions()))
                .withAllocationStrategy(new ExternalShardAllocationStrategy(
                        system, Market.TYPE_KEY.name(), Timeout.create(LOCATION_TIMEOUT)));
    }
}
