package tickcast.actors;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import tickcast.actors.topic.Published;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.model.sentiment.Sentiment;

/** Markets made up for tests: seeded, so that every run sees the same. */
public final class Scenes {

    public static final Symbol BTC = Symbol.parse("BTC/USD");
    public static final Symbol ETH = Symbol.parse("ETH/USD");
    public static final Duration GRACE = Duration.ofMillis(500);
    public static final Backoff QUICK = new Backoff(4, Duration.ofMillis(1), Duration.ofMillis(2));

    private static final AtomicInteger TOPICS = new AtomicInteger();

    private Scenes() {}

    /** One test's own topic: with one name they would hear each other, and find each other too late to hear the first event. */
    public static ActorRef<Topic.Command<Published>> topic(ActorTestKit kit) {
        return kit.spawn(Topic.create(Published.class, "published-" + TOPICS.incrementAndGet()));
    }

    /** A cluster of one on a free port. */
    public static Config clusterOfOne() {
        return ConfigFactory.parseString("""
                        akka.actor.provider = cluster
                        akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                        akka.cluster.jmx.enabled = off
                        akka.cluster.sharding.updating-state-timeout = 2s
                        akka.coordinated-shutdown.exit-jvm = off
                        akka.loglevel = WARNING
                        akka.log-dead-letters = off
                        """).withFallback(ConfigFactory.load());
    }

    /** The same without a cluster. */
    public static Config local() {
        return ConfigFactory.parseString("akka.loglevel = WARNING, akka.log-dead-letters = off")
                .withFallback(ConfigFactory.load());
    }

    /** Whole candles, one a minute, a random walk. */
    public static List<Candle> candles(Symbol symbol, Instant from, int minutes) {
        Random random = new Random(symbol.name().hashCode() + Times.epochMinute(from));
        List<Candle> candles = new ArrayList<>();
        double price = 1000;
        for (int i = 0; i < minutes; i++) {
            double open = price;
            price *= Math.exp(random.nextGaussian() * 0.0005);
            double high = Math.max(open, price) * 1.0002;
            double low = Math.min(open, price) * 0.9997;
            double volume = 1 + random.nextInt(1000) / 100.0;
            Instant openTime = from.plus(Duration.ofMinutes(i));
            candles.add(new Candle(
                    symbol,
                    openTime,
                    open,
                    high,
                    low,
                    price,
                    volume,
                    volume * open,
                    volume / 2,
                    10,
                    i * 10L,
                    i * 10L + 9,
                    Quality.COMPLETE,
                    0,
                    openTime.plus(Candle.INTERVAL).plus(GRACE),
                    false));
        }
        return candles;
    }

    /** Some trades inside the minute that starts at {@code open}. */
    public static List<Trade> trades(Symbol symbol, Instant open, int count) {
        Random random = new Random(Times.epochMinute(open));
        List<Trade> trades = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            trades.add(trade(
                    symbol,
                    Times.epochMinute(open) * 1000 + i,
                    open.plusMillis(1000L + i * 10),
                    1000 + random.nextInt(200) / 10.0));
        }
        return trades;
    }

    public static Trade trade(Symbol symbol, long id, Instant at, double price) {
        return new Trade(symbol, id, Times.micros(at), price, 0.25, Side.BUY);
    }

    public static Sentiment sentiment(String id, String symbol, Instant knownAt) {
        return new Sentiment(id, symbol, 0.5, 0.8, "lexicon", "", "Title", "", knownAt, knownAt);
    }
}
