package io.spillway.sandbox.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.channel.embedded.EmbeddedChannel;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PausedFetchesTest {
  private static final String RESULT = "/v4/sessions/a-b/operations/c-d/result/";

  private final EmbeddedChannel channel = channel();

  @ParameterizedTest
  @ValueSource(
      strings = {RESULT + "2", RESULT + "17?rowFormat=JSON", RESULT + "99999999999999999999"})
  void aFetchOfALaterLotWaits(String uri) {
    FullHttpRequest fetch = get(uri);
    channel.freezeTime();
    channel.writeInbound(fetch);
    channel.advanceTimeBy(PausedFetches.PAUSE_MILLIS - 1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.inboundMessages()).isEmpty();
    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.inboundMessages()).containsExactly(fetch);
    assertThat(fetch.refCnt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        RESULT + "0",
        RESULT + "1",
        RESULT + "x",
        "/v4/sessions/a-b/operations/c-d/status",
        "/v4/sessions",
        "/jobs/overview"
      })
  void anythingElsePassesAtOnce(String uri) {
    FullHttpRequest request = get(uri);
    channel.writeInbound(request);
    assertThat(channel.inboundMessages()).containsExactly(request);
  }

  @Test
  void aClientThatLeavesMeanwhileLeavesNothingBehind() {
    FullHttpRequest fetch = get(RESULT + "2");
    channel.freezeTime();
    channel.writeInbound(fetch);
    channel.close();
    channel.advanceTimeBy(PausedFetches.PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.inboundMessages()).isEmpty();
    assertThat(fetch.refCnt()).isZero();
  }

  @Test
  void flinkFindsIt() {
    assertThat(ServiceLoader.load(InboundChannelHandlerFactory.class))
        .hasAtLeastOneElementOfType(PausedFetches.class);
  }

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel(
        new PausedFetches().createHandler(new Configuration(), Map.of()).orElseThrow());
  }

  private static FullHttpRequest get(String uri) {
    return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
  }
}
