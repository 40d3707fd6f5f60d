package tickcast.http.api;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Files of the class path, held in memory with their compressed form and their ETag. Thread safe. */
final class StaticAssets {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
    /** Own pages change with the program: ask each time. */
    private static final String REVALIDATE = "no-cache";
    /** Parts of a pinned library. */
    private static final String A_DAY = "max-age=86400";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=UTF-8"),
            Map.entry("css", "text/css; charset=UTF-8"),
            Map.entry("js", "text/javascript; charset=UTF-8"),
            Map.entry("mjs", "text/javascript; charset=UTF-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=UTF-8"));

    private record Asset(ContentType type, byte[] bytes, byte[] gzipped, String etag) {}

    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    /** A page, {@code /} or a single name without an ending, or a file of the pages, below {@code web/}. */
    Optional<HttpResponse> page(HttpRequest request, List<String> segments) {
        boolean plain =
                segments.stream().allMatch(name -> PLAIN_NAME.matcher(name).matches());
        String name = segments.isEmpty() ? "index" : String.join("/", segments);
        String path = isPage(segments) ? name + ".html" : name;
        return plain ? serve(request, "web/" + path, REVALIDATE) : Optional.empty();
    }

    /** Whether that is the address of a page and not of one of its parts. */
    static boolean isPage(List<String> segments) {
        return segments.isEmpty() || segments.size() == 1 && segments.get(0).indexOf('.') < 0;
    }

    /** A file that belongs to this package. */
    Optional<HttpResponse> own(HttpRequest request, String name) {
        return serve(request, "tickcast/http/api/" + name, REVALIDATE);
    }

    /** A file of a web jar of the class path. */
    Optional<HttpResponse> webjar(HttpRequest request, String library, String name) {
        if (!PLAIN_NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        String root = "META-INF/resources/webjars/" + library + "/" + version(library) + "/";
        return serve(request, root + name, A_DAY);
    }

    private static String version(String library) {
        Properties properties = new Properties();
        String path = "META-INF/maven/org.webjars/" + library + "/pom.properties";
        try (InputStream in = StaticAssets.class.getClassLoader().getResourceAsStream(path)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "absent");
    }

    private Optional<HttpResponse> serve(HttpRequest request, String resource, String caching) {
        Asset known = loaded.get(resource);
        Optional<Asset> asset = known != null ? Optional.of(known) : load(resource);
        asset.ifPresent(found -> loaded.putIfAbsent(resource, found));
        return asset.map(found -> answer(request, found, caching));
    }

    private static HttpResponse answer(HttpRequest request, Asset asset, String caching) {
        HttpResponse response = HttpResponse.create()
                .addHeader(RawHeader.create("ETag", asset.etag()))
                .addHeader(RawHeader.create("Cache-Control", caching));
        boolean unchanged = request.getHeader("If-None-Match")
                .map(header -> header.value().contains(asset.etag()))
                .orElse(false);
        if (unchanged) {
            return response.withStatus(304);
        }
        return asset.gzipped().length > 0 && Answers.acceptsGzip(request)
                ? Answers.withGzip(response, asset.type(), asset.gzipped())
                : response.withEntity(HttpEntities.create(asset.type(), asset.bytes()));
    }

    private static Optional<Asset> load(String resource) {
        String extension = resource.substring(resource.lastIndexOf('.') + 1);
        ContentType type = ContentTypes.parse(TYPES.getOrDefault(extension, "application/octet-stream"));
        if (!TYPES.containsKey(extension)) {
            return Optional.empty();
        }
        try (InputStream in = StaticAssets.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(asset(type, in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Asset asset(ContentType type, byte[] bytes) {
        byte[] gzipped = Answers.isText(type) ? Answers.gzip(bytes) : new byte[0];
        byte[] smaller = gzipped.length < bytes.length ? gzipped : new byte[0];
        return new Asset(type, bytes, smaller, "\"" + fingerprint(bytes) + "\"");
    }

    private static String fingerprint(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
