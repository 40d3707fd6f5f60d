package tickcast.model.archive;

import java.time.Duration;

/** How long each kind of record is kept. */
public record Retention(
        Duration candles, Duration features, Duration predictions, Duration errors, Duration sentiment) {}
