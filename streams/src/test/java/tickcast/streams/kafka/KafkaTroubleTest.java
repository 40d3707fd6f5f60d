package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaTroubleTest {

    @Test
    void shouldCallAwayWhatDoesNotAnswer() {
        assertTrue(KafkaTrouble.isAway(new CompletionException(new TimeoutException("Call(callName=listTopics)"))));
        assertTrue(KafkaTrouble.isAway(new java.util.concurrent.TimeoutException()));
        assertTrue(KafkaTrouble.isAway(new DisconnectException()));
    }

    @Test
    void shouldCallAwayWhoseNameNobodyKnows() {
        KafkaException unknown = assertThrows(
                KafkaException.class,
                () -> Admin.create(Map.of("bootstrap.servers", "no-such-host.invalid:9092"))
                        .close());
        assertTrue(KafkaTrouble.isAway(unknown), unknown::toString);
    }

    @Test
    void shouldTellWhatKafkaSaysAndWhichSettingIsMeant() {
        assertRefusal(
                "Unable to replicate the partition 3 time(s): 1 broker(s) are registered"
                        + " (see tickcast.kafka.replication, KAFKA_REPLICATION)",
                new InvalidReplicationFactorException(
                        "Unable to replicate the partition 3 time(s): 1 broker(s) are registered."));
        assertRefusal(
                "at least 2 copies (see tickcast.kafka.topics, tickcast.kafka.replication)",
                new PolicyViolationException("at least 2 copies"));
        assertRefusal(
                "Not authorized to access topics: [trades] (see what Kafka's ACLs allow this user)",
                new TopicAuthorizationException("Not authorized to access topics: [trades]"));
        assertRefusal(
                "invalid credentials (see tickcast.kafka.client)",
                new SaslAuthenticationException("invalid credentials"));
        assertRefusal("NullPointerException", new NullPointerException());
    }

    private static void assertRefusal(String words, Exception failure) {
        assertFalse(KafkaTrouble.isAway(new CompletionException(failure)));
        assertEquals(words, KafkaTrouble.words(new CompletionException(failure)));
    }
}
