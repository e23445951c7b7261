package io.spillway.event;

import static io.spillway.event.SampleEvent.NOW;
import static io.spillway.event.SampleEvent.bare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
  private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));

  private final WatermarkStrategy<RawEvent> strategy =
      EventTime.strategy(Duration.ofSeconds(1), Duration.ZERO, EventLimits.defaults());
  private final TimestampAssigner<RawEvent> timestamps = strategy.createTimestampAssigner(null);
  private final WatermarkGenerator<RawEvent> watermarks = strategy.createWatermarkGenerator(null);

  @Test
  void followsCeTimeAtTheGivenDistance() {
    assertThat(read(at(YESTERDAY))).isEqualTo(YESTERDAY.toEpochMilli());
    assertThat(watermark()).isEqualTo(YESTERDAY.minusSeconds(1).toEpochMilli() - 1);
  }

  @Test
  void followsTheKafkaTimestampWhereThereIsNoCeTime() {
    assertThat(read(bare())).isEqualTo(NOW.toEpochMilli());
    assertThat(watermark()).isEqualTo(NOW.minusSeconds(1).toEpochMilli() - 1);
  }

  @Test
  void followsATimeThatEqualsTheKafkaTimestamp() {
    assertThat(read(at(NOW))).isEqualTo(NOW.toEpochMilli());
    assertThat(watermark()).isEqualTo(NOW.minusSeconds(1).toEpochMilli() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9999-12-31T23:59:59Z", "tomorrow", "", "2026-03-01T12:01:00.001Z"})
  void doesNotLetATimeItCannotBelieveMoveTheWatermark(String time) {
    read(at(YESTERDAY));
    long before = watermark();
    assertThat(read(bare().header("ce_time", time))).isEqualTo(NOW.toEpochMilli());
    assertThat(watermark()).isEqualTo(before);
  }

  @Test
  void readsTheTimeOfAStructuredEvent() {
    SampleEvent structured =
        bare()
            .header("content-type", "application/cloudevents+json")
            .value("{\"id\":\"1\",\"time\":\"" + YESTERDAY + "\"}");
    assertThat(read(structured)).isEqualTo(YESTERDAY.toEpochMilli());
    assertThat(read(structured.value((byte[]) null))).isEqualTo(NOW.toEpochMilli());
    assertThat(read(structured.value("{"))).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void agreesWithTheTimeThatAdmissionReads() {
    for (String time : List.of("2026-03-01T11:00:00+01:00", "never", "2030-01-01T00:00:00Z")) {
      SampleEvent event = bare().header("ce_time", time);
      assertThat(read(event)).isEqualTo(event.attributes().eventTimeMillis());
    }
  }

  @Test
  void aPartitionWithoutEventsIsIdleAfterItsTimeAndHoldsNoWindowOpen() {
    AtomicLong nanos = new AtomicLong(Duration.ofSeconds(1).toNanos());
    WatermarkGenerator<RawEvent> generator =
        from(Map.of("event.idleness", "30s")).createWatermarkGenerator(new Silence(nanos));
    Watermarks output = new Watermarks();
    generator.onPeriodicEmit(output);
    nanos.set(Duration.ofSeconds(30).toNanos());
    generator.onPeriodicEmit(output);
    assertThat(output.idle).isFalse();

    nanos.set(Duration.ofSeconds(32).toNanos());
    generator.onPeriodicEmit(output);

    assertThat(output.idle).isTrue();
  }

  @Test
  void refusesANegativeDistance() {
    assertThatThrownBy(() -> from(Map.of("event.out-of-orderness", "-1 s")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("event.out-of-orderness");
    assertThat(from(Map.of("event.idleness", "0s"))).isInstanceOf(EventTime.class);
    assertThat(from(Map.of())).isNotInstanceOf(EventTime.class);
  }

  private static WatermarkStrategy<RawEvent> from(Map<String, String> texts) {
    List<ConfigOption<?>> options =
        Stream.concat(EventTime.OPTIONS.stream(), EventLimits.OPTIONS.stream()).toList();
    return EventTime.from(Settings.of(texts, options));
  }

  private static SampleEvent at(Instant time) {
    return bare().header("ce_time", time.toString());
  }

  /** Passes the event as a source does; answers its timestamp. */
  private long read(SampleEvent sample) {
    RawEvent event = sample.event();
    long timestamp = timestamps.extractTimestamp(event, event.timestampMillis());
    watermarks.onEvent(event, timestamp, new Watermarks());
    return timestamp;
  }

  private long watermark() {
    Watermarks output = new Watermarks();
    watermarks.onPeriodicEmit(output);
    return output.emitted.get(0);
  }

  /** A source from which nothing comes while time goes by. */
  private record Silence(AtomicLong nanos) implements WatermarkGeneratorSupplier.Context {
    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public RelativeClock getInputActivityClock() {
      return new RelativeClock() {
        @Override
        public long relativeTimeMillis() {
          return nanos.get() / 1_000_000;
        }

        @Override
        public long relativeTimeNanos() {
          return nanos.get();
        }
      };
    }
  }

  private static final class Watermarks implements WatermarkOutput {
    private final List<Long> emitted = new ArrayList<>();
    private boolean idle;

    @Override
    public void emitWatermark(Watermark watermark) {
      emitted.add(watermark.getTimestamp());
    }

    @Override
    public void markIdle() {
      idle = true;
    }

    @Override
    public void markActive() {}
  }
}
