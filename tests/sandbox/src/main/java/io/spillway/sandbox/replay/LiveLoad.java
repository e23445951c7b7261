package io.spillway.sandbox.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.SandboxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the live job says of its load, through Flink's REST API, which is there on every cluster. It
 * is as fresh as the JobManager's copy of the metrics: {@code metrics.fetcher.update-interval}, 10
 * s unless configured otherwise.
 */
public final class LiveLoad {
  private static final String ADMISSION = "Classify and admit";

  private final FlinkRest rest;
  private final String jobName;

  /**
   * @param jobName as Flink shows it
   */
  public LiveLoad(FlinkRest rest, String jobName) {
    this.rest = rest;
    this.jobName = jobName;
  }

  /** The load now; empty if no such job runs, or it has said nothing yet. */
  public Optional<SpareCapacity.Load> now() {
    try {
      return rest.jobs().stream()
          .filter(job -> job.name().equals(jobName) && job.state().equals("RUNNING"))
          .findFirst()
          .flatMap(job -> load(job.id()));
    } catch (SandboxException noAnswer) {
      return Optional.empty();
    }
  }

  private Optional<SpareCapacity.Load> load(String jobId) {
    double offered = 0;
    double capacity = 0;
    double turnedAway = 0;
    double delayMillis = 0;
    boolean saidAnything = false;
    for (JsonNode vertex : rest.get("/jobs/" + jobId).path("vertices")) {
      if (!vertex.path("name").asText().contains(ADMISSION)) {
        continue;
      }
      String metrics = "/jobs/" + jobId + "/vertices/" + vertex.path("id").asText();
      for (JsonNode metric : values(metrics + "/subtasks/metrics")) {
        String id = metric.path("id").asText();
        double sum = metric.path("sum").asDouble(Double.NaN);
        if (id.endsWith(SpillwayMetrics.OFFERED_PER_SECOND)) {
          offered += sum;
          saidAnything = true;
        } else if (id.endsWith(SpillwayMetrics.CAPACITY_PER_SECOND)) {
          capacity += sum;
        } else if (id.endsWith(SpillwayMetrics.EVENTS_REJECTED)) {
          turnedAway += sum;
        } else if (id.endsWith(SpillwayMetrics.QUEUE_DELAY_MS)) {
          delayMillis = Math.max(delayMillis, metric.path("max").asDouble(0));
        }
      }
    }
    return saidAnything
        ? Optional.of(new SpareCapacity.Load(offered, capacity, turnedAway, delayMillis))
        : Optional.empty();
  }

  private JsonNode values(String path) {
    List<String> wanted = new ArrayList<>();
    for (JsonNode metric : rest.get(path)) {
      String id = metric.path("id").asText();
      if (id.contains("spillway_") && !id.contains(SpillwayMetrics.KEEP_PROBABILITY)) {
        wanted.add(URLEncoder.encode(id, StandardCharsets.UTF_8));
      }
    }
    return wanted.isEmpty()
        ? MissingNode.getInstance()
        : rest.get(path + "?get=" + String.join(",", wanted));
  }
}
