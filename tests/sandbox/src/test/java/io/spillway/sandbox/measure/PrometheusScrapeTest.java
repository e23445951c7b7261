package io.spillway.sandbox.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusScrapeTest {
  private static final Duration PATIENT = Duration.ofMinutes(1);

  private final HttpServer answering = start(200, "spillway_events_seen{priority=\"high\"} 7");
  private final HttpServer failing = start(500, "spillway_events_seen{priority=\"high\"} 1000");

  @AfterEach
  void stop() {
    answering.stop(0);
    failing.stop(0);
  }

  @Test
  void endpointsThatFailOrAreGoneContributeNothing() {
    HttpServer gone = start(200, "");
    URI noLongerThere = uri(gone);
    gone.stop(0);
    JobMetrics metrics =
        new PrometheusScrape(List.of(uri(answering), uri(failing), noLongerThere), PATIENT).now();
    assertThat(metrics.seen()).containsEntry(Priority.HIGH, 7.0);
  }

  @Test
  void allEndpointsAreAskedAndAddedUp() {
    JobMetrics metrics =
        new PrometheusScrape(List.of(uri(answering), uri(answering).resolve("/metrics")), PATIENT)
            .now();
    assertThat(metrics.seen()).containsEntry(Priority.HIGH, 14.0);
  }

  private static URI uri(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static HttpServer start(int status, String body) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/metrics",
          exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
