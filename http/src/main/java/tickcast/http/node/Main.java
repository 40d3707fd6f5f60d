package tickcast.http.node;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/**
 * Where every process of Tickcast starts: one program, one command each. Exit codes: 0 done, 1 the work failed, 2 the
 * arguments or settings are wrong.
 */
@Command(
        name = "tickcast",
        description = "Predicts crypto prices five minutes ahead, live, and shows how good its predictions are.",
        footer = "Without a command it serves. Settings: see reference.conf; every key has an environment variable.",
        mixinStandardHelpOptions = true,
        version = "tickcast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServeCommand.class})
public final class Main {

    private static final List<String> OWN_OPTIONS = List.of("-h", "--help", "-V", "--version");

    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(withDefaultCommand(args)));
    }

    /** The program's command line, with errors as one line on standard error. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof WrongSetting || failure instanceof CommandFailed) {
                command.getErr().println(failure.getMessage());
            } else {
                failure.printStackTrace(new PrintWriter(command.getErr(), true));
            }
            return failure instanceof WrongSetting ? ExitCode.USAGE : ExitCode.SOFTWARE;
        });
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
