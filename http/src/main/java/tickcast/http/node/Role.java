package tickcast.http.node;

import java.util.Locale;

/** A part of the system; role, image and Kubernetes Deployment share the name. */
enum Role {
    TECHNICAL_INDICATORS,
    MARKET_SENTIMENT,
    PREDICTION_GENERATOR,
    PREDICTION_API,
    MONITORING_SERVICE,
    TRAIN_MODEL;

    /** {@code technical-indicators}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
