package io.spillway.integration;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Somebody on this machine who takes results by HTTP, keeps their ids, and may be gone for a while:
 * then nobody listens at its port. Thread safe.
 */
final class HttpInbox implements AutoCloseable {
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final int port;
  private HttpServer server;

  HttpInbox() {
    server = listening(0);
    port = server.getAddress().getPort();
  }

  String url() {
    return "http://%s:%d/".formatted(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }

  /** Ids of what it has taken, as often as it has. */
  List<String> taken() {
    return List.copyOf(taken);
  }

  void goAway() {
    server.stop(0);
  }

  void comeBack() {
    server = listening(port);
  }

  private HttpServer listening(int at) {
    try {
      HttpServer listening =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
      listening.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            taken.add(exchange.getRequestHeaders().getFirst("ce-id"));
            exchange.close();
          });
      listening.start();
      return listening;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
