package tickcast.model.forecast;

import java.io.IOException;

/** The bytes are no booster that {@link Forest} can score exactly; the message says why. Trying again does not help. */
public final class ForestRejected extends IOException {

    private static final long serialVersionUID = 1L;

    ForestRejected(String message) {
        super(message);
    }
}
