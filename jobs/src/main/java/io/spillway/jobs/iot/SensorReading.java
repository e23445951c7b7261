package io.spillway.jobs.iot;

import io.spillway.admission.AdmittedEvent;
import io.spillway.aggregation.Measured;
import io.spillway.priority.Priority;

/**
 * One value that a sensor measured. Carries the event it came in, because a reading that comes
 * after its window has closed becomes a dead letter with the bytes and headers as they were read.
 *
 * @param value finite, and small enough that no sum of readings overflows
 * @param unit may be empty
 * @param sampledRate how many events this one stood for when it came in
 * @param attributed whether its headers name the same site and metric
 * @param unitHash which unit of the sample it belongs to, see {@link
 *     io.spillway.admission.UnitHash}
 */
public record SensorReading(
    AdmittedEvent event,
    String site,
    String sensor,
    String metric,
    double value,
    String unit,
    double sampledRate,
    boolean attributed,
    long unitHash)
    implements Measured {

  /** What the windows of this reading are kept by. */
  public SiteMetric key() {
    return new SiteMetric(site, metric);
  }

  @Override
  public double weight() {
    return event.weight();
  }

  @Override
  public Priority priority() {
    return event.priority();
  }

  @Override
  public String distinctKey() {
    return sensor;
  }
}
