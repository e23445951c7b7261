package io.spillway.sandbox.risk;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.group.DefaultChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import java.util.List;

/**
 * The connections that a server has accepted, so that they can be lost: closed without a word, as
 * when a machine on the way is gone. Those that are closed leave by themselves. Safe for many
 * threads.
 */
final class Connections {
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /** A channel that accepts connections of this set. */
  NioServerSocketChannel accepting() {
    return new NioServerSocketChannel() {
      @Override
      protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int count = super.doReadMessages(accepted);
        accepted
            .subList(before, accepted.size())
            .forEach(connection -> open.add((Channel) connection));
        return count;
      }
    };
  }

  /**
   * After what is on its way out by then. Past the handlers of a connection, for HTTP/2's would
   * take leave first, and wait for what is under way.
   */
  void lose() {
    for (Channel connection : open) {
      if (connection.isActive()) {
        connection.eventLoop().execute(() -> connection.pipeline().firstContext().close());
      }
    }
  }
}
