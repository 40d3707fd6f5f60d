package tickcast.http.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueType;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tickcast.model.market.Symbol;

/** Reads single settings below one prefix and says in one line what is wrong with a value. */
final class SettingsReader {

    private static final Pattern HOST = Pattern.compile("\\*|[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

    private final Config root;
    private final String prefix;

    SettingsReader(Config root, String prefix) {
        this.root = root;
        this.prefix = prefix;
    }

    /** A text with its key, so that it can be checked. */
    record Text(String key, String value) {

        void mustBe(String only, String others) {
            if (!value.equalsIgnoreCase(only)) {
                throw new WrongSetting(key, value, only + " (" + others + ")");
            }
        }
    }

    Text text(String key) {
        return new Text(path(prefix, key), raw(key).strip());
    }

    private static String path(String prefix, String key) {
        return prefix + "." + key;
    }

    private String raw(String key) {
        return read(key, "a text", root::getString);
    }

    private <T> T read(String key, String allowed, Function<String, T> reader) {
        String path = path(prefix, key);
        try {
            return reader.apply(path);
        } catch (ConfigException.WrongType | ConfigException.BadValue e) {
            throw new WrongSetting(path, root.getValue(path).unwrapped().toString(), allowed);
        } catch (ConfigException.Missing e) {
            throw new WrongSetting(path, "", allowed);
        }
    }

    /** Whether somebody set the key: an environment variable, a property or a file of their own. */
    boolean isOverridden(String key) {
        return !root.getValue(path(prefix, key)).origin().description().contains("reference.conf");
    }

    boolean flag(String key) {
        return read(key, "true or false", root::getBoolean);
    }

    double number(String key, double least, double most) {
        String allowed = "a number from " + least + " to " + most;
        double value = read(key, allowed, root::getDouble);
        return require(value >= least && value <= most, value, key, allowed);
    }

    long whole(String key, long least, long most) {
        String allowed = least == Long.MIN_VALUE ? "a whole number" : "a whole number from " + least + " to " + most;
        long value = read(key, allowed, root::getLong);
        return require(value >= least && value <= most, value, key, allowed);
    }

    Duration duration(String key, String least, String most) {
        String allowed = "a duration such as 500ms, 10s, 5m, 24h or 30d, from " + least + " to " + most;
        Duration value = read(key, allowed, root::getDuration);
        boolean inside = value.compareTo(parse(least)) >= 0 && value.compareTo(parse(most)) <= 0;
        return require(inside, value, key, allowed);
    }

    private static Duration parse(String text) {
        return ConfigFactory.parseString("d = " + text).getDuration("d");
    }

    long bytes(String key, long least) {
        String allowed = "a size such as 512MiB, at least " + (least >> 20) + "MiB";
        long value = read(key, allowed, root::getBytes);
        return require(value >= least, value, key, allowed);
    }

    long minutes(String key, long least, long most) {
        String allowed = "whole minutes from " + least + "m to " + most + "m";
        Duration value = read(key, allowed, root::getDuration);
        boolean whole = value.equals(Duration.ofMinutes(value.toMinutes()));
        return require(
                whole && value.toMinutes() >= least && value.toMinutes() <= most, value.toMinutes(), key, allowed);
    }

    private <T> T require(boolean condition, T value, String key, String allowed) {
        if (!condition) {
            throw new WrongSetting(
                    path(prefix, key),
                    root.getValue(path(prefix, key)).unwrapped().toString(),
                    allowed);
        }
        return value;
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String value = raw(key).strip();
        return Stream.of(type.getEnumConstants())
                .filter(e -> e.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new WrongSetting(path(prefix, key), value, names(type)));
    }

    /** Several of an enum's constants, each once at most. */
    <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
        List<E> chosen = list(key).stream()
                .map(name -> Stream.of(type.getEnumConstants())
                        .filter(e -> e.name().equalsIgnoreCase(name.replace('-', '_')))
                        .findFirst()
                        .orElseThrow(() -> new WrongSetting(path(prefix, key), name, names(type))))
                .toList();
        return require(chosen.stream().distinct().count() == chosen.size(), chosen, key, "each once at most");
    }

    /** Shares that rise between 0 and 1. */
    List<Double> shares(String key) {
        String allowed = "rising numbers above 0 and below 1, such as 0.8,0.95";
        double last = 0;
        List<Double> shares = new ArrayList<>();
        for (String text : list(key)) {
            double share;
            try {
                share = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new WrongSetting(path(prefix, key), text, allowed);
            }
            if (!(share > last && share < 1)) {
                throw new WrongSetting(path(prefix, key), text, allowed);
            }
            last = share;
            shares.add(share);
        }
        return require(!shares.isEmpty(), List.copyOf(shares), key, allowed);
    }

    private static String names(Class<? extends Enum<?>> type) {
        return "one of "
                + Arrays.stream(type.getEnumConstants())
                        .map(e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.joining(", "));
    }

    /** Reads a whole section with somebody else's reader. */
    <T> T section(String key, Function<Config, T> reader) {
        try {
            return reader.apply(root.getConfig(path(prefix, key)));
        } catch (ConfigException e) {
            throw new WrongSetting(path(prefix, key), "…", e.getMessage());
        }
    }

    /** A list, or one comma-separated text. */
    List<String> list(String key) {
        boolean isList = root.getValue(path(prefix, key)).valueType() == ConfigValueType.LIST;
        List<String> values = isList ? read(key, "a list", root::getStringList) : List.of(raw(key).split(","));
        return values.stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    List<Symbol> symbols(String key) {
        List<String> names = list(key);
        List<Symbol> symbols = names.stream()
                .map(name -> Symbol.tryParse(name)
                        .orElseThrow(() -> new WrongSetting(path(prefix, key), name, "pairs such as BTC/USD,ETH/USD")))
                .distinct()
                .toList();
        return require(!symbols.isEmpty(), symbols, key, "at least one pair such as BTC/USD");
    }

    Set<Role> roles(String key) {
        List<String> names = list(key);
        if (names.equals(List.of("all"))) {
            return EnumSet.allOf(Role.class);
        }
        Set<Role> roles = names.stream()
                .map(name -> Stream.of(Role.values())
                        .filter(role -> role.label().equals(name.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new WrongSetting(path(prefix, key), name, "all, or " + names(Role.class))))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
        return require(!roles.isEmpty(), roles, key, "all, or " + names(Role.class));
    }

    Path path(String key) {
        require(!raw(key).isBlank(), key, key, "a directory");
        try {
            return Path.of(raw(key)).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new WrongSetting(path(prefix, key), raw(key), "a directory");
        }
    }

    void directory(String key) {
        boolean exists = !raw(key).isBlank() && Files.isDirectory(Path.of(raw(key)));
        require(exists, key, key, "an existing directory in Kraken's download layout");
    }

    URI address(String key, String... schemes) {
        return addressOf(key, raw(key), schemes);
    }

    List<String> webAddresses(String key) {
        return list(key).stream()
                .map(text -> addressOf(key, text, "http", "https").toString())
                .toList();
    }

    /** Web addresses, or {@code *} for any. */
    List<String> origins(String key) {
        return list(key).stream()
                .map(text -> text.equals("*")
                        ? text
                        : addressOf(key, text, "http", "https").toString())
                .toList();
    }

    /** Names or addresses without port, IPv6 in brackets; or {@code *} for any. */
    List<String> hosts(String key) {
        List<String> hosts = list(key);
        hosts.stream().filter(text -> !HOST.matcher(text).matches()).findFirst().ifPresent(text -> {
            throw new WrongSetting(
                    path(prefix, key), text, "names such as desk.example, without scheme and port, or *");
        });
        return hosts;
    }

    private URI addressOf(String key, String text, String... schemes) {
        String allowed = "an address that starts with " + String.join(":// or ", schemes) + "://";
        try {
            URI uri = new URI(text.strip());
            if (uri.getHost() != null && List.of(schemes).contains(uri.getScheme())) {
                return uri;
            }
            throw new WrongSetting(path(prefix, key), text, allowed);
        } catch (URISyntaxException e) {
            throw new WrongSetting(path(prefix, key), text, allowed);
        }
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new WrongSetting("tickcast.http.host", host, "an address of this machine");
        }
    }
}
