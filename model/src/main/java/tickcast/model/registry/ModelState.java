package tickcast.model.registry;

/** A model's place in the registry. */
public enum ModelState {
    /** Speaks. At most one. */
    CHAMPION,
    /** Scored in the shadow. */
    CHALLENGER,
    /** No longer loaded. */
    RETIRED
}
