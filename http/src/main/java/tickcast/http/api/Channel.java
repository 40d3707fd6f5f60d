package tickcast.http.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a WebSocket client can subscribe to. */
enum Channel {
    PREDICTIONS,
    CANDLES,
    ERRORS,
    SENTIMENT,
    STATUS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in messages. */
    String label() {
        return label;
    }

    /** Whether {@code seq} counts minutes, one after the other; otherwise it is epoch milliseconds. */
    boolean countsMinutes() {
        return this == PREDICTIONS || this == CANDLES || this == ERRORS;
    }

    static Optional<Channel> find(String label) {
        return Arrays.stream(values())
                .filter(channel -> channel.label.equals(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(Channel::label).collect(Collectors.joining(", "));
    }
}
