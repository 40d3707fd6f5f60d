package tickcast.http.node;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tickcast.streams.elasticsearch.ElasticsearchSettings;

/** Reads {@code tickcast.elasticsearch { … }}. */
final class ElasticsearchReader {

    private ElasticsearchReader() {}

    static ElasticsearchSettings read(SettingsReader config) {
        return ElasticsearchSettings.of(urls(config), credentials(config), trust(config), prefix(config));
    }

    private static List<URI> urls(SettingsReader config) {
        List<URI> urls = config.webAddresses("elasticsearch.url").stream()
                .map(URI::create)
                .toList();
        if (urls.isEmpty()) {
            throw new WrongSetting("tickcast.elasticsearch.url", "", "at least one address, http://host:9200");
        }
        urls.stream().filter(url -> url.getUserInfo() != null).findFirst().ifPresent(url -> {
            throw new WrongSetting(
                    "tickcast.elasticsearch.url",
                    "http…@" + url.getHost(),
                    "an address without a user; ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD name one");
        });
        return urls.stream().map(ElasticsearchReader::root).toList();
    }

    /** A slash at the end is harmless; a path would not be asked. */
    private static URI root(URI url) {
        String root = url.getScheme() + "://" + url.getRawAuthority();
        if (!url.toString().equals(root) && !url.toString().equals(root + "/")) {
            throw new WrongSetting(
                    "tickcast.elasticsearch.url", url.toString(), "an address without a path, http://host:9200");
        }
        return URI.create(root);
    }

    private static Optional<ElasticsearchSettings.Credentials> credentials(SettingsReader config) {
        String key = config.text("elasticsearch.api-key").value();
        String user = config.text("elasticsearch.username").value();
        String password = config.text("elasticsearch.password").value();
        if (!key.isEmpty() && !user.isEmpty()) {
            throw new WrongSetting("tickcast.elasticsearch.api-key", "…", "either an API key or a user name, not both");
        }
        if (user.isEmpty() != password.isEmpty()) {
            throw new WrongSetting(
                    "tickcast.elasticsearch.username", user, "user name and password together, or neither");
        }
        if (!key.isEmpty()) {
            return Optional.of(new ElasticsearchSettings.ApiKey(key));
        }
        return user.isEmpty() ? Optional.empty() : Optional.of(new ElasticsearchSettings.Login(user, password));
    }

    private static Optional<ElasticsearchSettings.Trust> trust(SettingsReader config) {
        String file = config.text("elasticsearch.ca-certificate").value();
        String fingerprint = config.text("elasticsearch.ca-fingerprint").value();
        if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
            throw new WrongSetting("tickcast.elasticsearch.ca-certificate", file, "a PEM file that can be read");
        }
        if (!fingerprint.isEmpty() && !fingerprint.replace(":", "").matches("[0-9a-fA-F]{64}")) {
            throw new WrongSetting("tickcast.elasticsearch.ca-fingerprint", fingerprint, "a SHA-256 in hex, 64 digits");
        }
        if (!file.isEmpty() && !fingerprint.isEmpty()) {
            throw new WrongSetting(
                    "tickcast.elasticsearch.ca-fingerprint",
                    fingerprint,
                    "either a certificate or its fingerprint, not both");
        }
        return file.isEmpty()
                ? Optional.of(fingerprint).filter(text -> !text.isEmpty()).map(ElasticsearchSettings.Fingerprint::new)
                : Optional.of(new ElasticsearchSettings.Authority(Path.of(file)));
    }

    private static String prefix(SettingsReader config) {
        String prefix = config.text("elasticsearch.index-prefix").value();
        if (!prefix.matches("[a-z][a-z0-9_-]{0,49}")) {
            throw new WrongSetting("tickcast.elasticsearch.index-prefix", prefix, "a lower-case name such as tickcast");
        }
        return prefix;
    }
}
