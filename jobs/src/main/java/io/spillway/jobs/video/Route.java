package io.spillway.jobs.video;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import java.nio.charset.StandardCharsets;

/**
 * The way a video took: a content delivery network and the viewer's internet provider. Both are in
 * the payload; an event that shows them outside of it too, as {@code ce_subject: CDN/ISP}, can be
 * counted by them without being decoded.
 */
public record Route(String cdn, String isp) implements Comparable<Route> {
  /** Of events that do not show in their headers which way they took. */
  public static final Route UNATTRIBUTED = new Route("", "");

  /** What the headers of an event say, else {@link #UNATTRIBUTED}. */
  static Route of(EventAttributes attributes) {
    byte[] subject = attributes.bytes(CloudEventHeaders.SUBJECT);
    return subject == null ? UNATTRIBUTED : ofSubject(subject);
  }

  /** What this {@code ce_subject} says, else {@link #UNATTRIBUTED}. */
  public static Route ofSubject(byte[] subject) {
    String text = new String(subject, StandardCharsets.UTF_8);
    int slash = text.lastIndexOf('/');
    return slash < 1 || slash == text.length() - 1
        ? UNATTRIBUTED
        : new Route(text.substring(0, slash), text.substring(slash + 1));
  }

  /** By network, then provider. */
  @Override
  public int compareTo(Route other) {
    int byCdn = cdn.compareTo(other.cdn);
    return byCdn != 0 ? byCdn : isp.compareTo(other.isp);
  }
}
