package io.spillway.sandbox.demo;

import io.spillway.priority.Priority;
import io.spillway.sandbox.cli.ClusterOptions;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.measure.JobMetrics;
import io.spillway.sandbox.measure.LiveRates;
import io.spillway.sandbox.measure.LiveRow;
import io.spillway.sandbox.measure.PrometheusScrape;
import io.spillway.sandbox.measure.ReceiptTail;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./spillway watch}: what the running job does, by priority, again and again. Rates are from
 * the metrics of the job; latencies from the receipts, where it writes them, else from its metrics.
 */
@Command(
    name = "watch",
    description = "Show what the running job does: offered, admitted, shed, p50, p99, lanes.",
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "time between two looks, such as 500ms or 2s (default: ${DEFAULT-VALUE})")
  private String interval;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0",
      description = "end after this time; 0: at Ctrl-C or with the job (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Duration step = duration(interval);
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    FlinkRest rest = new FlinkRest(cluster.rest());
    FlinkRest.Job job =
        rest.jobs().stream()
            .filter(candidate -> candidate.state().equals("RUNNING"))
            .findFirst()
            .orElseThrow(
                () ->
                    SandboxException.failure(
                        "no job runs on %s: start one with './spillway submit iot'"
                            .formatted(cluster.rest())));
    LiveTable table = LiveTable.on(command.commandLine().getOut(), "admitted");
    try (ReceiptTail receipts = receipts(cluster, job.id())) {
      watch(rest, job, new PrometheusScrape(cluster.metricsEndpoints()), receipts, table, step);
    }
    return 0;
  }

  private void watch(
      FlinkRest rest,
      FlinkRest.Job job,
      PrometheusScrape scrape,
      ReceiptTail receipts,
      LiveTable table,
      Duration step) {
    LiveRates rates = new LiveRates();
    long start = System.nanoTime();
    long nextLook = start;
    boolean isFirst = true;
    while (rest.jobState(job.id()).equals("RUNNING")) {
      JobMetrics metrics = scrape.now();
      LiveRow row = row(job, start, rates, receipts, metrics);
      if (!isFirst) {
        table.accept(row);
      }
      isFirst = false;
      if (seconds > 0 && System.nanoTime() - start >= Duration.ofSeconds(seconds).toNanos()) {
        return;
      }
      nextLook = Math.max(nextLook + step.toNanos(), System.nanoTime());
      receipts.poll(Duration.ofNanos(nextLook - System.nanoTime()));
    }
    table.say("job %s is %s".formatted(job.name(), rest.jobState(job.id())));
  }

  private static LiveRow row(
      FlinkRest.Job job,
      long startNanos,
      LiveRates rates,
      ReceiptTail receipts,
      JobMetrics metrics) {
    long now = System.nanoTime();
    boolean hasReceipts = receipts.hasSeenAny();
    Map<Priority, LiveRow.PriorityRow> rows =
        rates.since(
            priority ->
                new LiveRates.Totals(
                    metrics.seen().getOrDefault(priority, 0.0),
                    metrics.admitted().getOrDefault(priority, 0.0),
                    metrics.rejected().getOrDefault(priority, 0.0),
                    metrics.deferred().getOrDefault(priority, 0.0)),
            receipts.latencies(),
            now);
    return new LiveRow(
        job.name(),
        Duration.ofNanos(now - startNanos),
        "running",
        hasReceipts ? rows : withLatencies(rows, metrics),
        metrics,
        LiveRow.UNKNOWN);
  }

  private static Map<Priority, LiveRow.PriorityRow> withLatencies(
      Map<Priority, LiveRow.PriorityRow> rows, JobMetrics metrics) {
    Map<Priority, LiveRow.PriorityRow> filled = new EnumMap<>(Priority.class);
    rows.forEach(
        (priority, row) ->
            filled.put(
                priority,
                row.withLatency(
                    metrics.p50Millis().getOrDefault(priority, Double.NaN),
                    metrics.p99Millis().getOrDefault(priority, Double.NaN))));
    return filled;
  }

  private static ReceiptTail receipts(LocalCluster cluster, String job) {
    String receipts = cluster.jobOf(job).orElse(JobName.IOT).receipts();
    try (Topics topics = new Topics(cluster.bootstrapServers())) {
      return topics.names().contains(receipts)
          ? ReceiptTail.of(cluster.bootstrapServers(), receipts)
          : ReceiptTail.none();
    }
  }

  static Duration duration(String text) {
    try {
      Duration duration =
          text.endsWith("ms")
              ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
              : Duration.parse("PT" + text);
      if (duration.toMillis() >= 100) {
        return duration;
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw badInterval(text);
    }
    throw badInterval(text);
  }

  private static SandboxException badInterval(String text) {
    return SandboxException.wrongUse(
        "--interval %s: write a time of at least 100ms, such as 500ms, 1s or 1m".formatted(text));
  }
}
