package tickcast.streams.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.PolicyViolationException;

/** What a failure of Kafka's clients means for the person who runs this. */
final class KafkaTrouble {

    private KafkaTrouble() {}

    /** Nobody answers there, or nothing is there: waiting helps. */
    static boolean isAway(Throwable failure) {
        Throwable cause = causeOf(failure);
        return cause instanceof org.apache.kafka.common.errors.TimeoutException
                || cause instanceof TimeoutException
                || cause instanceof DisconnectException
                || cause instanceof NetworkException
                || isUnresolved(cause);
    }

    /** Whether no host of {@code bootstrap-servers} is known to this machine, now. */
    static boolean isUnresolved(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException
                    && String.valueOf(cause.getMessage()).startsWith("No resolvable")) {
                return true;
            }
        }
        return false;
    }

    /** What Kafka says, and which setting it is about. */
    static String words(Throwable failure) {
        Throwable cause = causeOf(failure);
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String setting = settingOf(cause);
        return setting.isEmpty() ? said : said.replaceFirst("\\.$", "") + " (see " + setting + ")";
    }

    private static String settingOf(Throwable cause) {
        if (cause instanceof InvalidReplicationFactorException) {
            return "tickcast.kafka.replication, KAFKA_REPLICATION";
        }
        if (cause instanceof InvalidPartitionsException) {
            return "tickcast.kafka.partitions, KAFKA_PARTITIONS";
        }
        if (cause instanceof PolicyViolationException || cause instanceof InvalidConfigurationException) {
            return "tickcast.kafka.topics, tickcast.kafka.replication";
        }
        if (cause instanceof AuthorizationException) {
            return "what Kafka's ACLs allow this user";
        }
        return cause instanceof AuthenticationException || cause instanceof ConfigException
                ? "tickcast.kafka.client"
                : "";
    }

    /** Without what only says that something has failed. */
    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (isWrapping(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isWrapping(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof ExecutionException
                || failure.getClass() == KafkaException.class;
    }
}
