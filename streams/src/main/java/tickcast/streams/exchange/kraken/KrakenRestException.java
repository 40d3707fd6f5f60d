package tickcast.streams.exchange.kraken;

/** REST did not give what it was asked for. */
final class KrakenRestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the caller should do about it. */
    enum Kind {
        /** Too many requests: wait, then try again. */
        RATE_LIMITED,
        /** Out of order for now: try again. */
        UNAVAILABLE,
        /** The exchange will not answer this question. */
        REFUSED,
        /** The answer makes no sense. */
        MALFORMED;

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    private final Kind kind;

    KrakenRestException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    KrakenRestException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    boolean isWorthAnotherTry() {
        return kind == Kind.RATE_LIMITED || kind == Kind.UNAVAILABLE;
    }

    /** Sorts one of the exchange's own error texts, such as {@code EAPI:Rate limit exceeded}. */
    static KrakenRestException ofError(String error) {
        if (error.contains("Rate limit") || error.contains("Too many requests") || error.contains("lockout")) {
            return new KrakenRestException(Kind.RATE_LIMITED, error);
        }
        if (error.startsWith("EService:") || error.startsWith("EGeneral:Internal")) {
            return new KrakenRestException(Kind.UNAVAILABLE, error);
        }
        return new KrakenRestException(Kind.REFUSED, error);
    }

    /** Sorts an HTTP status that is no success. */
    static KrakenRestException ofStatus(int status) {
        String message = "HTTP status " + status;
        if (status == 429) {
            return new KrakenRestException(Kind.RATE_LIMITED, message);
        }
        return new KrakenRestException(status >= 500 || status == 408 ? Kind.UNAVAILABLE : Kind.REFUSED, message);
    }
}
