package tickcast.actors.topic;

/** What a market feed is doing. */
public enum FeedState {
    /** Not connected yet, or again. */
    CONNECTING,
    /** Running through the past. */
    CATCHING_UP,
    /** Following the market as it happens. */
    LIVE,
    /** Connected, but the exchange is in maintenance or trades are restricted. */
    PAUSED,
    /** Nothing comes in. */
    SILENT,
    /** A replay has come to its end. */
    ENDED
}
