package io.spillway.jobs.iot;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import java.nio.charset.StandardCharsets;

/**
 * What the windows are kept by: one metric of one site, over all its sensors. Both are in the
 * payload; an event that shows them outside of it too, as {@code ce_subject: SITE/METRIC}, can be
 * counted by them without being decoded.
 */
public record SiteMetric(String site, String metric) {
  /** Of events that do not show in their headers whose they are. */
  public static final SiteMetric UNATTRIBUTED = new SiteMetric("", "");

  /** What the headers of an event say, else {@link #UNATTRIBUTED}. */
  static SiteMetric of(EventAttributes attributes) {
    byte[] subject = attributes.bytes(CloudEventHeaders.SUBJECT);
    return subject == null ? UNATTRIBUTED : ofSubject(subject);
  }

  /** What this {@code ce_subject} says, else {@link #UNATTRIBUTED}. */
  public static SiteMetric ofSubject(byte[] subject) {
    String text = new String(subject, StandardCharsets.UTF_8);
    int slash = text.lastIndexOf('/');
    return slash < 1 || slash == text.length() - 1
        ? UNATTRIBUTED
        : new SiteMetric(text.substring(0, slash), text.substring(slash + 1));
  }
}
