package tickcast.http.node;

/**
 * Where a started node can be reached.
 *
 * @param web base address of page and API, or empty when this node has none
 * @param management base address of readiness, liveness and cluster members
 */
record Serving(String web, String management) {

    /** For the person who started it. */
    String greeting() {
        String page = web.isEmpty() ? "" : """
                  Page      %1$s/
                  Reference %1$s/api/docs     stream ws%2$s/api/v1/stream     metrics %1$s/metrics
                """.formatted(web, web.substring("http".length()));
        return page + "  Health    " + management
                + "/ready\n  First predictions come in a few seconds. Ctrl-C stops.\n";
    }
}
