package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Program;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LoadPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a person on call sees of an overload in Flink's own web UI: the same three times the
 * capacity comes to a job with Spillway and to one without, and a real browser looks. Pictures are
 * kept in {@code target/web-ui}; some of them are in the documentation.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebUiITCase {
  /** One subtask does 400 events/s. */
  private static final Map<String, String> SPILLWAY =
      Map.of("work.micros", "2500", "lanes", "isolated");

  private static final Map<String, String> PLAIN_FLINK =
      Map.of("work.micros", "2500", "lanes", "single", "admission.enabled", "false");

  /** It ends when the last test has. */
  private static final LoadPlan LOAD = LoadPlan.steady("overload", 1_200, Duration.ofMinutes(3));

  private static final Path PICTURES = Path.of("target", "web-ui");

  private LocalCluster cluster;
  private FlinkRest rest;
  private Browser browser;
  private IotRun spillway;
  private IotRun plain;

  @BeforeAll
  void overload(LocalCluster cluster) throws Exception {
    this.cluster = cluster;
    this.rest = new FlinkRest(cluster.rest());
    browser = Browser.start(chromium(), PICTURES.resolve("profile-" + UUID.randomUUID()));
    spillway =
        IotRun.named("web-ui", cluster, SPILLWAY).with(SharedCluster.SLOW_CHECKPOINTS).start(1);
    plain =
        IotRun.named("web-ui-plain", cluster, PLAIN_FLINK)
            .with(SharedCluster.SLOW_CHECKPOINTS)
            .start(1);
    spillway.load(LOAD);
    plain.load(LOAD);
    spillway.await("events are shed", judge -> judge.accounts().count(Fate.SHED) > 1_000);
  }

  @AfterAll
  void stop() {
    for (AutoCloseable open : new AutoCloseable[] {browser, spillway, plain}) {
      try {
        if (open != null) {
          open.close();
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void theGraphShowsTheLanesByName() throws IOException {
    browser.open(page(spillway, "/overview"));
    for (String task :
        new String[] {
          "Classify and admit (express)",
          "Classify and admit (bulk)",
          "process events (express)",
          "process events (bulk)",
          "window estimates"
        }) {
      browser.await(
          task, "document.querySelector('flink-dagre').textContent.includes('" + task + "')");
    }
    browser.settles(
        "!document.querySelector('flink-dagre').textContent.includes('N/A')"
            + " && [...document.querySelectorAll('.node-group')].every(node => {"
            + "const place = node.getBoundingClientRect();"
            + "const graph = document.querySelector('flink-svg-container').getBoundingClientRect();"
            + "return place.width > 20 && place.left >= graph.left && place.right <= graph.right;"
            + "})");
    browser.screenshot(PICTURES.resolve("graph.png"));
  }

  @Test
  void theSourceIsHeldUpOnPlainFlinkAndNotWithSpillway() throws IOException {
    browser.open(page(plain, "/overview/" + vertex(plain, "Source: events") + "/backpressure"));
    browser.await("the source of plain Flink is held up", badge("HIGH"));
    browser.screenshot(PICTURES.resolve("backpressure-plain-flink.png"));

    long shed = spillway.judge().accounts().count(Fate.SHED);
    browser.open(
        page(spillway, "/overview/" + vertex(spillway, "Source: events (bulk)") + "/backpressure"));
    browser.await("the source with Spillway is not", badge("OK"));
    browser.screenshot(PICTURES.resolve("backpressure-spillway.png"));
    spillway.await("under overload", judge -> judge.accounts().count(Fate.SHED) > shed + 1_000);
    assertThat(browser.evaluate(badge("HIGH")).asBoolean()).isFalse();
  }

  @Test
  void ourMetricsCanBePicked() throws IOException {
    browser.open(
        page(spillway, "/overview/" + vertex(spillway, "Source: events (bulk)") + "/metrics"));
    browser.await("metrics to pick", "document.querySelector('.metric-selector nz-select input')");
    browser.evaluate("document.querySelector('.metric-selector nz-select').click()");
    browser.evaluate("document.querySelector('.metric-selector nz-select input').focus()");
    browser.type("spillway");
    String option =
        "[...document.querySelectorAll('nz-option-item')]"
            + ".find(option => option.textContent.includes('spillway_'))";
    browser.await("ours among them", option);
    String name = browser.evaluate(option + ".textContent.trim()").asText();
    browser.evaluate(option + ".click()");
    browser.await(
        "a chart of " + name,
        "document.querySelector('flink-job-chart').textContent.includes('" + name + "')");
    browser.settles("document.querySelector('flink-job-chart canvas')");
    browser.screenshot(PICTURES.resolve("metrics.png"));
  }

  @Test
  void checkpointsSucceedUnderOverload() throws IOException {
    spillway.awaitCheckpoints(2);
    browser.open(page(spillway, "/checkpoints"));
    browser.await("completed", "/Completed:\\s*([2-9]|\\d\\d)/.test(document.body.innerText)");
    browser.await("none failed", "/Failed:\\s*0/.test(document.body.innerText)");
    browser.screenshot(PICTURES.resolve("checkpoints.png"));
  }

  private String page(IotRun run, String path) {
    return cluster.rest() + "/#/job/running/" + run.jobId() + path;
  }

  /** The first task whose name begins so. */
  private String vertex(IotRun run, String name) {
    for (JsonNode vertex : rest.get("/jobs/" + run.jobId()).path("vertices")) {
      if (vertex.path("name").asText().startsWith(name)) {
        return vertex.path("id").asText();
      }
    }
    throw new AssertionError("no task " + name);
  }

  /** What the table of the backpressure tab says of a subtask. */
  private static String badge(String level) {
    return "[...document.querySelectorAll('flink-backpressure-badge')]"
        + ".some(badge => badge.textContent.trim() === '"
        + level
        + "')";
  }

  /** Without a browser there is nothing to see; in CI there has to be one. */
  private static Path chromium() {
    Path root = Path.of("..", "..").toAbsolutePath().normalize();
    Optional<Path> found = Program.CHROMIUM.find(root);
    if (found.isEmpty() && !"true".equals(System.getenv("CI"))) {
      Assumptions.abort(Program.CHROMIUM.missing());
    }
    return found.orElseThrow(() -> new AssertionError(Program.CHROMIUM.missing()));
  }
}
