package tickcast.http.node;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.registry.ModelRegistry.ModelRejected;
import tickcast.model.training.NotEnoughHistory;
import tickcast.streams.exchange.replay.HistoryException;

/**
 * Where every process of Tickcast starts: one program, one command each. Exit codes: 0 done, 1 the work failed, 2 the
 * arguments or settings are wrong.
 */
@Command(
        name = "tickcast",
        description = "Predicts crypto prices five minutes ahead, live, and shows how good its predictions are.",
        footer = {
            "Without a command it serves. Settings: see reference.conf; every key has an environment variable.",
            "Data goes to standard output, words to standard error."
        },
        mixinStandardHelpOptions = true,
        version = "tickcast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:the work failed", "2:the arguments or settings are wrong"},
        subcommands = {
            ServeCommand.class,
            TrainCommand.class,
            BacktestCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            ScoreCommand.class,
            SentimentCommand.class,
            ModelsCommand.class
        })
public final class Main {

    private static final List<String> OWN_OPTIONS = List.of("-h", "--help", "-V", "--version");

    private Main() {}

    public static void main(String[] args) {
        ParentWatch.begin();
        PrintWriter out = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
        int exitCode = commandLine().setOut(out).execute(withDefaultCommand(args));
        out.flush();
        System.exit(exitCode);
    }

    /** The program's command line, with errors as one line on standard error. */
    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new Main());
        shareVersion(program, program.getCommandSpec().version());
        return program.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explain)
                .setExecutionExceptionHandler((failure, command, parsed) -> tell(failure, command.getErr()));
    }

    /** So that {@code -V} answers everywhere. */
    private static void shareVersion(CommandLine command, String[] version) {
        command.getSubcommands().values().forEach(subcommand -> {
            subcommand.getCommandSpec().version(version);
            shareVersion(subcommand, version);
        });
    }

    /** What is wrong with the arguments, and how they go. */
    private static int explain(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        if (wrong instanceof UnmatchedArgumentException unmatched && isCommand(unmatched)) {
            err.println("Unknown command '" + unmatched.getUnmatched().get(0) + "'");
        } else {
            err.println(wrong.getMessage());
        }
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.print(command.getHelp().fullSynopsis());
        err.println("More: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCode.USAGE;
    }

    private static boolean isCommand(UnmatchedArgumentException unmatched) {
        return !unmatched.getCommandLine().getSubcommands().isEmpty() && !unmatched.isUnknownOption();
    }

    private static int tell(Exception failure, PrintWriter err) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (isPlain(cause)) {
            err.println(cause.getMessage());
        } else if (cause instanceof UncheckedIOException io) {
            err.println(io.getMessage() + ": " + io.getCause());
        } else {
            cause.printStackTrace(err);
        }
        err.flush();
        return cause instanceof WrongSetting ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    /** Whether the message alone tells its reader what to do. */
    private static boolean isPlain(Throwable failure) {
        return failure instanceof WrongSetting
                || failure instanceof CommandFailed
                || failure instanceof HistoryException
                || failure instanceof NotEnoughHistory
                || failure instanceof ModelRejected
                || failure instanceof ArchiveUnavailable;
    }

    /** {@code serve} is what it does when no command is named. */
    static String[] withDefaultCommand(String[] args) {
        boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN_OPTIONS.contains(args[0]));
        if (named) {
            return args;
        }
        List<String> full = new ArrayList<>(List.of("serve"));
        full.addAll(List.of(args));
        return full.toArray(String[]::new);
    }
}
