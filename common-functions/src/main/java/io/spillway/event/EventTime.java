package io.spillway.event;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.BoundedOutOfOrdernessWatermarks;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Event time at the source: timestamps from {@code ce_time}, else from Kafka, and watermarks that
 * follow at a fixed distance, per partition, on everything that is read, so that turning events
 * away never stalls a watermark. A {@code ce_time} that cannot be read or is too far ahead gives
 * its event the Kafka timestamp and leaves the watermark where it is: one broken clock must not
 * close the windows of everybody else.
 *
 * <p>Only {@code ce_time} is parsed here (some ten nanoseconds), not the other headers; in
 * structured mode the envelope is decoded.
 */
public final class EventTime implements WatermarkStrategy<RawEvent> {
  public static final ConfigOption<Duration> OUT_OF_ORDERNESS =
      ConfigOptions.key("event.out-of-orderness")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription(
              "How much older than the newest event of its partition an event may be without being"
                  + " late.");

  public static final ConfigOption<Duration> IDLENESS =
      ConfigOptions.key("event.idleness")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription(
              "After this long without an event a partition no longer holds the watermark back;"
                  + " 0s: it always does.");

  public static final List<ConfigOption<?>> OPTIONS = List.of(OUT_OF_ORDERNESS, IDLENESS);

  private static final long serialVersionUID = 1L;

  private final Duration outOfOrderness;
  private final EventLimits limits;

  private EventTime(Duration outOfOrderness, EventLimits limits) {
    if (outOfOrderness.isNegative()) {
      throw new InvalidSettings(OUT_OF_ORDERNESS.key(), outOfOrderness, "write 0s or more");
    }
    this.outOfOrderness = outOfOrderness;
    this.limits = limits;
  }

  /**
   * The strategy with these distances.
   *
   * @param idleness zero for none
   * @throws InvalidSettings if a duration is negative
   */
  public static WatermarkStrategy<RawEvent> strategy(
      Duration outOfOrderness, Duration idleness, EventLimits limits) {
    if (idleness.isNegative()) {
      throw new InvalidSettings(IDLENESS.key(), idleness, "write 0s (never idle) or more");
    }
    EventTime strategy = new EventTime(outOfOrderness, limits);
    return idleness.isZero() ? strategy : strategy.withIdleness(idleness);
  }

  /**
   * The strategy with the distances of these settings.
   *
   * @throws InvalidSettings if a duration is negative
   */
  public static WatermarkStrategy<RawEvent> from(Settings settings) {
    return strategy(
        settings.get(OUT_OF_ORDERNESS), settings.get(IDLENESS), EventLimits.from(settings));
  }

  @Override
  public TimestampAssigner<RawEvent> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    return (event, kafkaTimestamp) -> {
      long time = statedMillis(event);
      return isBelieved(time, event) ? time : event.timestampMillis();
    };
  }

  @Override
  public WatermarkGenerator<RawEvent> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    return new OnBelievedTimes(outOfOrderness);
  }

  /** {@code ce_time}; the Kafka timestamp where there is none; INVALID where it is unreadable. */
  private static long statedMillis(RawEvent event) {
    byte[] time;
    if (HeaderText.isStructuredJson(event.header(CloudEventHeaders.CONTENT_TYPE))
        && event.value() != null) {
      time = StructuredEnvelope.parse(event.value()).attributes().last(CloudEventHeaders.TIME);
    } else {
      time = event.header(CloudEventHeaders.TIME);
    }
    return time == null ? event.timestampMillis() : Rfc3339.epochMillis(time);
  }

  private boolean isBelieved(long timeMillis, RawEvent event) {
    return timeMillis != Rfc3339.INVALID
        && !limits.isTooFarAhead(timeMillis, event.timestampMillis());
  }

  /** Bounded out-of-orderness that passes over events whose time was not believed. */
  private final class OnBelievedTimes extends BoundedOutOfOrdernessWatermarks<RawEvent> {
    OnBelievedTimes(Duration outOfOrderness) {
      super(outOfOrderness);
    }

    @Override
    public void onEvent(RawEvent event, long timestampMillis, WatermarkOutput output) {
      boolean fromCeTime = timestampMillis != event.timestampMillis();
      if (fromCeTime || isBelieved(statedMillis(event), event)) {
        super.onEvent(event, timestampMillis, output);
      }
    }
  }
}
