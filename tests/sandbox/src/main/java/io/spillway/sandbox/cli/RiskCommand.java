package io.spillway.sandbox.cli;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.spillway.risk.v1.FaultServiceGrpc;
import io.spillway.risk.v1.Faults;
import io.spillway.sandbox.cluster.PortOwner;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.risk.RiskServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "risk",
    description = {
      "Run the risk service that the transaction job asks (--set risk.address=127.0.0.1:PORT),",
      "until Ctrl-C. Where it runs already, in another terminal: tell it how to misbehave from",
      "now on; without an option, to behave well again."
    },
    mixinStandardHelpOptions = true)
final class RiskCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int ANSWER_SECONDS = 5;
  private static final int LAST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "50051",
      description = "on the loopback address (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      defaultValue = "0ms",
      description = "wait this long before each answer, such as 2s")
  private String delay;

  @Option(
      names = "--errors",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "share of questions that fail, 0 to 1")
  private double errors;

  @Option(names = "--hang", description = "never answer")
  private boolean hang;

  @Option(
      names = "--drop-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "lose all connections with every N-th question; 0: never")
  private long dropEvery;

  @Option(
      names = "--drop",
      description = "lose all connections once, now (where the service runs already)")
  private boolean drop;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Faults faults = faults();
    PrintWriter out = command.commandLine().getOut();
    if (PortOwner.isTaken(port)) {
      tell(faults);
      out.println("the risk service on port %d: %s".formatted(port, words(faults)));
      return 0;
    }
    try (RiskServer server = RiskServer.start(port)) {
      server.misbehave(faults);
      out.println(
          "risk service on %s:%d: %s; Ctrl-C ends it"
              .formatted(HOST, server.port(), words(faults)));
      out.flush();
      server.awaitEnd();
      return 0;
    } catch (IOException e) {
      throw SandboxException.failure(
          "the risk service cannot listen on port %d: %s".formatted(port, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private Faults faults() {
    if (port < 1 || port > LAST_PORT) {
      throw SandboxException.wrongUse("--port %d: give a number from 1 to 65535".formatted(port));
    }
    if (!(errors >= 0 && errors <= 1)) {
      throw SandboxException.wrongUse("--errors %s: give a share from 0 to 1".formatted(errors));
    }
    if (dropEvery < 0) {
      throw SandboxException.wrongUse(
          "--drop-every %d: give a number of questions, or 0 for never".formatted(dropEvery));
    }
    return Faults.newBuilder()
        .setDelayMillis(delay().toMillis())
        .setErrorShare(errors)
        .setHang(hang)
        .setDropEvery(dropEvery)
        .setDropNow(drop)
        .build();
  }

  private Duration delay() {
    try {
      return TimeUtils.parseDuration(delay);
    } catch (IllegalArgumentException e) {
      throw SandboxException.wrongUse(
          "--delay %s: give a time with its unit, such as 2s or 300ms".formatted(delay));
    }
  }

  /** Whoever holds the port may be something else altogether. */
  private void tell(Faults faults) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress(HOST, port).usePlaintext().disableRetry().build();
    try {
      FaultServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
          .set(faults);
    } catch (StatusRuntimeException e) {
      throw SandboxException.failure(
          "port %d is in use by %s, which is no risk service of the sandbox: give another --port"
              .formatted(
                  port, PortOwner.of(port).map(PortOwner::toString).orElse("an unknown process")));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String words(Faults faults) {
    StringBuilder words = new StringBuilder();
    if (faults.getDropNow()) {
      words.append("connections lost; ");
    }
    if (faults.getDropEvery() > 0) {
      words.append(
          "connections lost with every question number %d; ".formatted(faults.getDropEvery()));
    }
    return words
        .append(
            faults.getHang()
                ? "answers nothing"
                : "answers after %d ms, %d %% of questions fail"
                    .formatted(faults.getDelayMillis(), Math.round(100 * faults.getErrorShare())))
        .toString();
  }
}
