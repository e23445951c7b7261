package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.sandbox.cluster.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A headless Chromium with one page, driven by the Chrome DevTools Protocol over a WebSocket on the
 * loopback address; it reaches no other. A test says what it does as JavaScript in the page. Not
 * thread safe.
 */
final class Browser implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket page;
  private final Answers answers;
  private int sent;

  private Browser(Process process, WebSocket page, Answers answers) {
    this.process = process;
    this.page = page;
    this.answers = answers;
  }

  /**
   * Starts it.
   *
   * @param profile a folder of its own, which is new
   */
  static Browser start(Path chromium, Path profile) throws Exception {
    Files.createDirectories(profile);
    Process process =
        new ProcessBuilder(
                chromium.toString(),
                "--headless=new",
                // In CI it runs as root, where its sandbox does not work.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--window-size=1280,940",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.toAbsolutePath(),
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("out").toFile())
            .start();
    try {
      URI address = pageAddress(profile.resolve("DevToolsActivePort"));
      Answers answers = new Answers();
      WebSocket page =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(address, answers)
              .get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
      return new Browser(process, page, answers);
    } catch (Exception | AssertionError e) {
      end(process);
      throw e;
    }
  }

  /** Where the page is that it starts with. */
  private static URI pageAddress(Path portFile) throws Exception {
    assertThat(Await.until(ANSWER_LIMIT, () -> Files.exists(portFile) && lines(portFile) == 2))
        .as("Chromium is up; see %s", portFile.resolveSibling("out"))
        .isTrue();
    String port = Files.readAllLines(portFile).get(0);
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    JsonNode targets =
        JSON.readTree(HttpClient.newHttpClient().send(list, BodyHandlers.ofString()).body());
    for (JsonNode target : targets) {
      if (target.path("type").asText().equals("page")) {
        return URI.create(target.path("webSocketDebuggerUrl").asText());
      }
    }
    throw new AssertionError("no page in " + targets);
  }

  private static int lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a page afresh, even if only the part behind the # is another one. */
  void open(String address) {
    send("Page.navigate", Map.of("url", "about:blank"));
    send("Page.navigate", Map.of("url", address));
  }

  /** The value of a JavaScript expression in the page. */
  JsonNode evaluate(String expression) {
    return send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
        .path("result")
        .path("value");
  }

  /** Waits until a JavaScript expression is true; what is not there yet is not. */
  void await(String what, String condition) {
    String safe = "(() => { try { return !!(" + condition + ") } catch (e) { return false } })()";
    boolean met = Await.until(IotRun.LIMIT, () -> evaluate(safe).asBoolean());
    assertThat(met).as("%s; the page says: %s", what, evaluate("document.body.innerText")).isTrue();
  }

  /** Gives the page time to come to rest, for the picture: nothing depends on it. */
  void settles(String condition) {
    isTrueWithin(Duration.ofSeconds(10), condition);
  }

  private boolean isTrueWithin(Duration limit, String condition) {
    String safe = "(() => { try { return !!(" + condition + ") } catch (e) { return false } })()";
    return Await.until(limit, () -> evaluate(safe).asBoolean());
  }

  /** Types into what has the focus. */
  void type(String text) {
    send("Input.insertText", Map.of("text", text));
  }

  void screenshot(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    String image = send("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
    Files.write(file, Base64.getDecoder().decode(image));
  }

  private JsonNode send(String method, Map<String, ?> parameters) {
    int id = ++sent;
    CompletableFuture<JsonNode> answer = answers.expect(id);
    try {
      page.sendText(
              JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)),
              true)
          .get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
      JsonNode message = answer.get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(message.has("error")).as("%s: %s", method, message).isFalse();
      return message.path("result");
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer to " + method, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    page.abort();
    end(process);
  }

  private static void end(Process process) {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    all.forEach(ProcessHandle::destroy);
    if (!Await.until(Duration.ofSeconds(10), () -> !process.isAlive())) {
      all.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Gives each answer to who asked; events, which are not asked for, are passed over. */
  private static final class Answers implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> expected = new ConcurrentHashMap<>();
    private final StringBuilder text = new StringBuilder();

    CompletableFuture<JsonNode> expect(int id) {
      return expected.computeIfAbsent(id, none -> new CompletableFuture<>());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        answer(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void answer(String message) {
      try {
        JsonNode json = JSON.readTree(message);
        CompletableFuture<JsonNode> waiting = expected.remove(json.path("id").asInt());
        if (waiting != null) {
          waiting.complete(json);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
