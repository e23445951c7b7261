package io.spillway.sandbox.cluster.gateway;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Lets a client of the SQL gateway wait a little for the next lines of an answer. As long as a
 * query runs, Flink's client asks for them again as soon as it was told that there are none, which
 * keeps a processor busy in client and gateway; what the kernel does for it is taken from the jobs,
 * whatever the priority of the two. The first two lots come at once, so a statement with a short
 * answer does not wait.
 *
 * <p>Flink's REST endpoints find it as a service. JobManager and TaskManagers have it on their
 * class path as well; nothing they are asked for looks like a fetch. One handler for each
 * connection, called by its thread.
 */
public final class PausedFetches implements InboundChannelHandlerFactory {
  static final long PAUSE_MILLIS = 100;

  private static final long FIRST_PAUSED = 2;
  private static final Pattern FETCH =
      Pattern.compile("/v\\d+/sessions/[^/]+/operations/[^/]+/result/(\\d+)(\\?.*)?");

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Optional<ChannelHandler> createHandler(
      Configuration configuration, Map<String, String> responseHeaders) {
    return Optional.of(new Pause());
  }

  /** Whether this is a fetch of what comes after the first lots of an answer. */
  static boolean isPaused(String uri) {
    Matcher fetch = FETCH.matcher(uri);
    return fetch.matches()
        && (fetch.group(1).length() > 1 || Long.parseLong(fetch.group(1)) >= FIRST_PAUSED);
  }

  private static final class Pause extends ChannelInboundHandlerAdapter {
    private final Queue<Object> waiting = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request && isPaused(request.uri())) {
        waiting.add(message);
        context.executor().schedule(() -> readNext(context), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } else {
        context.fireChannelRead(message);
      }
    }

    private void readNext(ChannelHandlerContext context) {
      Object message = waiting.poll();
      if (message != null) {
        context.fireChannelRead(message);
      }
    }

    /** Nobody is left to answer. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
      waiting.forEach(ReferenceCountUtil::release);
      waiting.clear();
      context.fireChannelInactive();
    }
  }
}
