package tickcast.http.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tickcast.model.market.MarketSource;
import tickcast.streams.exchange.replay.HistoryFiles;

/** {@code --source}: the market whose store and models a command works on. */
final class SourceOption {

    private static final Pattern REPLAY_KEY = Pattern.compile("replay-[0-9a-f]{12}");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "kraken",
            scope = ScopeType.INHERIT,
            description =
                    "Market whose store and models are used: kraken (default), simulated, topic, replay (the recording in"
                            + " REPLAY_DIRECTORY), or a recording's folder name such as replay-0123456789ab.")
    private String source;

    /** @throws ParameterException when there is no such source */
    MarketSource source(Settings settings) {
        if (REPLAY_KEY.matcher(source).matches()) {
            return MarketSource.replay(source.substring("replay-".length()));
        }
        return switch (source) {
            case "kraken" -> MarketSource.KRAKEN;
            case "simulated" -> MarketSource.SIMULATED;
            case "topic" -> MarketSource.TOPIC;
            case "replay" -> replay(settings.market().replay().directory());
            default ->
                throw wrong("'" + source
                        + "' is no source; expected kraken, simulated, topic, replay or a recording's folder"
                        + " name such as replay-0123456789ab");
        };
    }

    private MarketSource replay(String directory) {
        if (directory.isBlank() || !Files.isDirectory(Path.of(directory))) {
            throw wrong("'replay' means the recording in REPLAY_DIRECTORY, and that is no directory: '" + directory
                    + "'; name the recording's folder instead, such as replay-0123456789ab");
        }
        return MarketSource.replay(HistoryFiles.discover(Path.of(directory)).fingerprint());
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), "Invalid value for option '--source': " + what);
    }
}
