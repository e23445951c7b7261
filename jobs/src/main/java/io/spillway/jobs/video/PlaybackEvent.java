package io.spillway.jobs.video;

import io.spillway.admission.AdmittedEvent;
import io.spillway.aggregation.Measured;
import io.spillway.priority.Priority;

/**
 * An event of a player, decoded. Carries the event it came in, because one that comes after its
 * window has closed becomes a dead letter with the bytes and headers as they were read. Its value
 * in windows of events is the time that the video stood still.
 *
 * @param attributed whether its headers name the same network and provider
 */
public record PlaybackEvent(AdmittedEvent event, PlaybackPoint point, boolean attributed)
    implements Measured {

  /** What the windows of this event are kept by. */
  public QoeKey key() {
    return new QoeKey(point.route().cdn(), point.route().isp(), QoeMeasure.EVENTS.wireName());
  }

  @Override
  public double value() {
    return point.rebufferMillis();
  }

  @Override
  public double weight() {
    return point.weight();
  }

  @Override
  public double sampledRate() {
    return point.sampledRate();
  }

  @Override
  public Priority priority() {
    return event.priority();
  }

  @Override
  public String distinctKey() {
    return point.viewer();
  }

  @Override
  public long unitHash() {
    return point.unitHash();
  }
}
