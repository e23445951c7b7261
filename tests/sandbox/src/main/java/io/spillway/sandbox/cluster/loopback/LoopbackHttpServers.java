package io.spillway.sandbox.cluster.loopback;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The JDK's HTTP servers, on the loopback address whatever address is asked for. Flink's Prometheus
 * reporter listens on all addresses and has no option for it; its server is the JDK's, which a JVM
 * lets one replace ({@link HttpServerProvider#provider}). Loaded in JobManager and TaskManagers, so
 * it needs nothing but the JDK. Thread safe.
 */
public final class LoopbackHttpServers extends HttpServerProvider {
  private static final String JDK = "sun.net.httpserver.DefaultHttpServerProvider";

  private final HttpServerProvider jdk;

  /** Called by the JDK. */
  public LoopbackHttpServers() throws ReflectiveOperationException {
    jdk = (HttpServerProvider) Class.forName(JDK).getConstructor().newInstance();
  }

  /** Makes these the HTTP servers of a JVM that has this class on its class path. */
  public static List<String> jvmOptions() {
    return List.of(
        "--add-exports=jdk.httpserver/sun.net.httpserver=ALL-UNNAMED",
        "-Dcom.sun.net.httpserver.HttpServerProvider=" + LoopbackHttpServers.class.getName());
  }

  @Override
  public HttpServer createHttpServer(InetSocketAddress address, int backlog) throws IOException {
    return jdk.createHttpServer(loopback(address), backlog);
  }

  @Override
  public HttpsServer createHttpsServer(InetSocketAddress address, int backlog) throws IOException {
    return jdk.createHttpsServer(loopback(address), backlog);
  }

  private static InetSocketAddress loopback(InetSocketAddress address) {
    return address == null
        ? null
        : new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort());
  }
}
