package tickcast.http.api;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.AcceptEncoding;
import akka.http.javadsl.model.headers.HttpEncodingRange;
import akka.http.javadsl.model.headers.HttpEncodings;
import akka.http.javadsl.model.headers.RawHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Makes answers: all of them small enough to be held whole. */
final class Answers {

    static final ContentType PROBLEM = ContentTypes.create(
            MediaTypes.customWithFixedCharset("application", "problem+json", HttpCharsets.UTF_8, Map.of(), false));
    /** Below this a compressed answer is hardly smaller. */
    private static final int WORTH_COMPRESSING = 1024;

    private Answers() {}

    static HttpResponse json(byte[] body) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    static HttpResponse json(Json.Body body) {
        return json(Json.bytes(body));
    }

    static HttpResponse empty(int status) {
        return HttpResponse.create().withStatus(status);
    }

    static HttpResponse problem(Problem problem) {
        byte[] body = problemBody(problem);
        return HttpResponse.create()
                .withStatus(problem.status)
                .withEntity(HttpEntities.create(PROBLEM, body))
                .addHeader(RawHeader.create("Cache-Control", "no-store"))
                .addHeaders(problem.headers);
    }

    private static byte[] problemBody(Problem problem) {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("type", problem.kind.type);
            out.writeStringField("title", problem.kind.title);
            out.writeNumberField("status", problem.status);
            out.writeStringField("detail", problem.getMessage());
            if (!problem.parameter.isEmpty()) {
                out.writeStringField("parameter", problem.parameter);
                out.writeStringField("allowed", problem.allowed);
            }
            out.writeEndObject();
        });
    }

    static boolean acceptsGzip(HttpRequest request) {
        List<HttpEncodingRange> ranges = new ArrayList<>();
        request.getHeader(AcceptEncoding.class)
                .ifPresent(header -> header.getEncodings().forEach(ranges::add));
        boolean named = ranges.stream().anyMatch(Answers::namesGzip);
        return ranges.stream()
                .filter(range -> !named || namesGzip(range))
                .anyMatch(range -> range.qValue() > 0 && range.matches(HttpEncodings.GZIP));
    }

    /** Gzip itself, not {@code *}. */
    private static boolean namesGzip(HttpEncodingRange range) {
        return range.matches(HttpEncodings.GZIP) && !range.matches(HttpEncodings.DEFLATE);
    }

    /** The same answer, its body compressed where that is asked for and worth it. */
    static HttpResponse compressed(HttpRequest request, HttpResponse response) {
        boolean worthwhile = response.entity() instanceof HttpEntity.Strict body
                && body.getData().size() >= WORTH_COMPRESSING
                && isText(body.getContentType())
                && response.getHeader("Content-Encoding").isEmpty();
        if (!worthwhile || !acceptsGzip(request)) {
            return response;
        }
        HttpEntity.Strict body = (HttpEntity.Strict) response.entity();
        return withGzip(response, body.getContentType(), gzip(body.getData().toArray()));
    }

    static HttpResponse withGzip(HttpResponse response, ContentType type, byte[] gzipped) {
        return response.withEntity(HttpEntities.create(type, gzipped))
                .addHeader(RawHeader.create("Content-Encoding", "gzip"));
    }

    static boolean isText(ContentType type) {
        String text = type.toString();
        return text.startsWith("text/") || text.contains("json") || text.contains("javascript") || text.contains("svg");
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream gzipped = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(gzipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gzipped.toByteArray();
    }
}
