package tickcast.http.node;

/**
 * Where a started node can be reached.
 *
 * @param web base address of page and API, or empty when this node has none
 * @param predicts whether this node follows a market and predicts
 * @param management base address of readiness, liveness and cluster members
 * @param problem why the node is not ready yet, or empty
 */
record Serving(String web, boolean predicts, String management, String problem) {

    /** For the person who started it. */
    String greeting() {
        String page = web.isEmpty() ? "" : """
                  Page      %1$s/
                  Reference %1$s/api/docs     stream ws%2$s/api/v1/stream     metrics %1$s/metrics
                """.formatted(web, web.substring("http".length()));
        return page + "  Health    " + management + "/ready\n  " + outlook() + "Ctrl-C stops.\n";
    }

    private String outlook() {
        if (!problem.isEmpty()) {
            return "Not ready yet: " + problem + ".\n  It goes on by itself when that is over. ";
        }
        return predicts ? "First predictions come in a few seconds. " : "";
    }
}
