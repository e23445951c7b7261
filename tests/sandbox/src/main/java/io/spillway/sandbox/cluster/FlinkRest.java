package io.spillway.sandbox.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the sandbox asks Flink's REST API (docs/ops/rest_api). Thread safe. */
public final class FlinkRest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  public FlinkRest(URI base) {
    this.base = base;
  }

  /** A job as the overview lists it. */
  public record Job(String id, String name, String state) {
    /** Whether it has come to an end, good or bad. */
    public boolean hasEnded() {
      return ENDED.contains(state);
    }
  }

  /** Whether the API answers. */
  public boolean answers() {
    try {
      get("/overview");
      return true;
    } catch (SandboxException notYet) {
      return false;
    }
  }

  /** TaskManagers that have registered: the address of each by its resource id. */
  public Map<String, String> taskManagers() {
    Map<String, String> addresses = new TreeMap<>();
    for (JsonNode taskManager : get("/taskmanagers").path("taskmanagers")) {
      addresses.put(taskManager.path("id").asText(), taskManager.path("path").asText());
    }
    return addresses;
  }

  /** Slots of all TaskManagers that have registered. */
  int slots() {
    return get("/overview").path("slots-total").asInt();
  }

  public List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(
          new Job(job.path("jid").asText(), job.path("name").asText(), job.path("state").asText()));
    }
    return jobs;
  }

  /** The state of a job, such as RUNNING or FAILED. */
  public String jobState(String jobId) {
    return get("/jobs/" + jobId).path("state").asText();
  }

  /** Whether the job has come to an end, good or bad. */
  public boolean hasEnded(String jobId) {
    return ENDED.contains(jobState(jobId));
  }

  /** Whether the job and every one of its tasks runs. */
  public boolean isRunning(String jobId) {
    JsonNode job = get("/jobs/" + jobId);
    for (JsonNode vertex : job.path("vertices")) {
      if (vertex.path("tasks").path("RUNNING").asInt() != vertex.path("parallelism").asInt()) {
        return false;
      }
    }
    return job.path("state").asText().equals("RUNNING");
  }

  /** The parallelism of the most parallel stage; 0 while the job waits for slots. */
  public int parallelism(String jobId) {
    int most = 0;
    for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
      most = Math.max(most, vertex.path("parallelism").asInt());
    }
    return most;
  }

  /** How many slots the job takes for one subtask of each stage, at least 1. */
  int slotSharingGroups(String jobId) {
    Set<String> groups = new TreeSet<>();
    for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
      groups.add(vertex.path("slotSharingGroupId").asText());
    }
    return Math.max(1, groups.size());
  }

  /** The first line of the exception the job failed with last, or an empty text. */
  public String lastFailure(String jobId) {
    JsonNode entries =
        get("/jobs/" + jobId + "/exceptions").path("exceptionHistory").path("entries");
    String stack = entries.path(0).path("stacktrace").asText();
    return stack
        .lines()
        .filter(l -> l.startsWith("Caused by: "))
        .reduce((a, b) -> b)
        .orElse(stack.lines().findFirst().orElse(""));
  }

  public void cancel(String jobId) {
    send(request("/jobs/" + jobId + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
  }

  /**
   * Takes a checkpoint now.
   *
   * @throws SandboxException if there is none within the limit
   */
  void checkpoint(String jobId, Duration limit) {
    String request = post("/jobs/" + jobId + "/checkpoints", Map.of()).path("request-id").asText();
    String path = "/jobs/" + jobId + "/checkpoints/" + request;
    if (!Await.until(
        limit, () -> get(path).path("status").path("id").asText().equals("COMPLETED"))) {
      throw SandboxException.failure(
          "job %s has no checkpoint after %d s".formatted(jobId, limit.toSeconds()));
    }
    JsonNode operation = get(path).path("operation");
    if (operation.hasNonNull("failureCause")) {
      throw SandboxException.failure(
          "job %s has no checkpoint: %s"
              .formatted(
                  jobId, firstLine(operation.path("failureCause").path("stack-trace").asText())));
    }
  }

  /**
   * A checkpoint of a job.
   *
   * @param underWay whether it has neither completed nor failed yet
   * @param endToEndMillis from its start until the last subtask has acknowledged it, or until now
   */
  public record Checkpoint(long id, boolean underWay, long startMillis, long endToEndMillis) {}

  /** The last checkpoints of a job, as many as Flink remembers; the newest first. */
  public List<Checkpoint> checkpoints(String jobId) {
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (JsonNode one : get("/jobs/" + jobId + "/checkpoints").path("history")) {
      checkpoints.add(
          new Checkpoint(
              one.path("id").asLong(),
              one.path("status").asText().equals("IN_PROGRESS"),
              one.path("trigger_timestamp").asLong(),
              one.path("end_to_end_duration").asLong()));
    }
    return checkpoints;
  }

  /** Starts a checkpoint and does not wait for it; {@link #checkpoints} tells what became of it. */
  public void startCheckpoint(String jobId) {
    post("/jobs/" + jobId + "/checkpoints", Map.of());
  }

  /** Stops a job with a savepoint; returns where the savepoint is. */
  public String stopWithSavepoint(String jobId, boolean drain, Duration limit) {
    String request =
        post("/jobs/" + jobId + "/stop", Map.of("drain", drain)).path("request-id").asText();
    String path = "/jobs/" + jobId + "/savepoints/" + request;
    if (!Await.until(
        limit, () -> get(path).path("status").path("id").asText().equals("COMPLETED"))) {
      throw SandboxException.failure(
          "job %s has no savepoint after %d s".formatted(jobId, limit.toSeconds()));
    }
    JsonNode operation = get(path).path("operation");
    if (operation.hasNonNull("failure-cause")) {
      throw SandboxException.failure(
          "job %s was not stopped: %s"
              .formatted(
                  jobId, firstLine(operation.path("failure-cause").path("stack-trace").asText())));
    }
    return operation.path("location").asText();
  }

  /** GET of any path of the API. */
  public JsonNode get(String path) {
    return send(request(path).GET());
  }

  private JsonNode post(String path, Map<String, ?> body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.valueToTree(body).toString())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
  }

  private JsonNode send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw SandboxException.failure(
            "Flink answers %s %s with status %d: %s"
                .formatted(
                    request.method(),
                    request.uri(),
                    response.statusCode(),
                    firstLine(response.body())));
      }
      return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
    } catch (IOException e) {
      throw SandboxException.failure(
          "no answer from Flink at %s: is it up? ('./spillway status' tells)".formatted(base), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }

  private static String firstLine(String body) {
    String text = body.replace("\\n", "\n").lines().findFirst().orElse("");
    return text.length() > 300 ? text.substring(0, 300) + ".." : text;
  }
}
