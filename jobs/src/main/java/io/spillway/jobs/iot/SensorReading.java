package io.spillway.jobs.iot;

import io.spillway.admission.AdmittedEvent;

/**
 * One value that a sensor measured. Carries the event it came in, because a reading that comes
 * after its window has closed becomes a dead letter with the bytes and headers as they were read.
 *
 * @param value finite, and small enough that no sum of readings overflows
 * @param unit may be empty
 */
public record SensorReading(
    AdmittedEvent event, String site, String sensor, String metric, double value, String unit) {

  /** What the windows of this reading are kept by. */
  public SiteMetric key() {
    return new SiteMetric(site, metric);
  }

  /** How many events this one stands for. */
  public double weight() {
    return event.weight();
  }
}
