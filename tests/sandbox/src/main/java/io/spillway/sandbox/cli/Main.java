package io.spillway.sandbox.cli;

import io.spillway.sandbox.autoscale.AutoscaleCommand;
import io.spillway.sandbox.cluster.Nearest;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoCommand;
import io.spillway.sandbox.demo.WatchCommand;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line {@code ./spillway}. An error is one line on standard error; the exit code is 2
 * for wrong use, 1 where something broke, 3 from {@code status} if not all is up.
 */
@Command(
    name = "spillway",
    description =
        "Flink jobs that keep critical events fast under overload, on a real cluster here.",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ScaleCommand.class,
      AutoscaleCommand.class,
      SubmitCommand.class,
      StopCommand.class,
      LoadCommand.class,
      ProduceCommand.class,
      RiskCommand.class,
      ReplayCommand.class,
      AuditCommand.class,
      PolicyCommand.class,
      SqlCommand.class,
      WatchCommand.class,
      DemoCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Run by the launcher itself:",
      "  bench   benchmarks: [NAME..] [--quick] [--json FILE]",
      "  test    everything that CI runs"
    })
public final class Main implements Runnable {
  /** Commands the launcher runs without this class. */
  private static final List<String> OF_THE_LAUNCHER = List.of("bench", "test");

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::wrongUse)
        .setExecutionExceptionHandler(Main::failed)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  private static int wrongUse(ParameterException e, String[] args) {
    e.getCommandLine().getErr().println("spillway: " + explain(e));
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof SandboxException known)) {
      throw e;
    }
    PrintWriter err = command.getErr();
    err.println("spillway: " + known.getMessage());
    if (!known.details().isEmpty()) {
      known.details().lines().forEach(line -> err.println("  | " + line));
    }
    return known.exitCode();
  }

  private static String explain(ParameterException e) {
    CommandLine command = e.getCommandLine();
    if (e instanceof UnmatchedArgumentException unmatched) {
      String written = unmatched.getUnmatched().get(0);
      boolean option = written.startsWith("-");
      List<String> names = option ? optionNames(command) : commandNames(command);
      String kind = option ? "option" : names.isEmpty() ? "argument" : "command";
      String hint =
          names.isEmpty() ? "" : ": did you mean '%s'?".formatted(Nearest.to(name(written), names));
      return "unknown %s '%s'%s%s".formatted(kind, written, hint, help(command));
    }
    if (e instanceof MissingParameterException) {
      return firstLine(e) + help(command);
    }
    return firstLine(e);
  }

  private static String help(CommandLine command) {
    return " ('./%s --help' lists all)".formatted(command.getCommandSpec().qualifiedName());
  }

  private static String name(String option) {
    int equals = option.indexOf('=');
    return equals < 0 ? option : option.substring(0, equals);
  }

  private static List<String> optionNames(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .flatMap(option -> List.of(option.names()).stream())
        .toList();
  }

  private static List<String> commandNames(CommandLine command) {
    List<String> names = new ArrayList<>(command.getSubcommands().keySet());
    if (!names.isEmpty()) {
      names.addAll(OF_THE_LAUNCHER);
    }
    return names;
  }

  private static String firstLine(Exception e) {
    return e.getMessage().lines().findFirst().orElse(e.toString());
  }
}
