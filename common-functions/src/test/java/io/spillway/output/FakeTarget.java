package io.spillway.output;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server on this machine that answers with the status it is told, and keeps ids. */
final class FakeTarget implements AutoCloseable {
  private final HttpServer server;
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status;

  FakeTarget(int status) throws IOException {
    this.status = status;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String id = exchange.getRequestHeaders().getFirst("ce-id");
          int answer = this.status;
          asked.add(id);
          if (answer / 100 == 2) {
            taken.add(id);
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
  }

  URI uri() {
    return URI.create(
        "http://%s:%d/"
            .formatted(server.getAddress().getHostString(), server.getAddress().getPort()));
  }

  void answers(int newStatus) {
    status = newStatus;
  }

  /** Ids of what it has taken, as often as it has. */
  List<String> taken() {
    return List.copyOf(taken);
  }

  /** Requests that came, whatever the answer. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
