package tickcast.http.api;

import akka.http.javadsl.model.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One call of the API.
 *
 * @param method {@code GET} (answers HEAD too) or {@code POST}
 * @param template its path, as in the reference: {@code /api/v1/models/{version}}
 * @param access who may call it
 * @param handler answers it; may throw or fail with a {@link Problem}
 */
record Endpoint(String method, String template, Access access, Handler handler) {

    enum Access {
        /** Everybody: what is no secret. */
        OPEN,
        /** Whoever has the read token, or everybody when there is none. */
        READ,
        /** Whoever has the operator token. */
        OPERATE
    }

    @FunctionalInterface
    interface Handler {
        CompletionStage<HttpResponse> handle(Call call);
    }

    static Endpoint read(String template, Handler handler) {
        return new Endpoint("GET", template, Access.READ, handler);
    }

    static Endpoint open(String template, Handler handler) {
        return new Endpoint("GET", template, Access.OPEN, handler);
    }

    static Endpoint operate(String template, Handler handler) {
        return new Endpoint("POST", template, Access.OPERATE, handler);
    }

    /** The path's parameters, or empty when the path is another. */
    Optional<Map<String, String>> match(List<String> segments) {
        String[] parts = template.substring(1).split("/", -1);
        if (parts.length != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            String segment = segments.get(i);
            if (parts[i].startsWith("{") && !segment.isEmpty()) {
                parameters.put(parts[i].substring(1, parts[i].length() - 1), segment);
            } else if (!parts[i].equals(segment)) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    boolean accepts(String requestMethod) {
        return method.equals(requestMethod) || method.equals("GET") && requestMethod.equals("HEAD");
    }
}
