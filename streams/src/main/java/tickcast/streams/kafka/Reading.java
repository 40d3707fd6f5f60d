package tickcast.streams.kafka;

import akka.kafka.ConsumerMessage.CommittableMessage;
import akka.kafka.ConsumerMessage.CommittableOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tickcast.streams.record.MarketRecord;

/** One record of the trades topic, read. */
sealed interface Reading {

    long offset();

    CommittableOffset commit();

    /** Roughly what it takes in memory, in trades. */
    int weight();

    /** Something to tell a market. */
    record Usable(long offset, CommittableOffset commit, MarketRecord fact) implements Reading {
        @Override
        public int weight() {
            if (fact instanceof MarketRecord.Trades trades) {
                return 1 + trades.trades().size();
            }
            return fact instanceof MarketRecord.Candles candles
                    ? 1 + 2 * candles.candles().size()
                    : 1;
        }
    }

    /** A record of another market source. */
    record Foreign(long offset, CommittableOffset commit) implements Reading {
        @Override
        public int weight() {
            return 1;
        }
    }

    /** @param reason for its writer */
    record Bad(CommittableMessage<String, byte[]> message, String reason) implements Reading {
        @Override
        public long offset() {
            return message.record().offset();
        }

        @Override
        public CommittableOffset commit() {
            return message.committableOffset();
        }

        @Override
        public int weight() {
            ConsumerRecord<String, byte[]> bad = message.record();
            return 1 + (bad.value() == null ? 0 : bad.value().length / 64);
        }
    }
}
