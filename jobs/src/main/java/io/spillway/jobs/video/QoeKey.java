package io.spillway.jobs.video;

/**
 * What windows are kept by: one measure of the videos that took one way.
 *
 * @param measure {@link QoeMeasure#wireName}: its hash code is the same in every process
 */
public record QoeKey(String cdn, String isp, String measure) {

  /** Of the events that were counted under this {@code ce_subject}, or none, at admission. */
  public static QoeKey ofSubject(byte[] subject) {
    Route route = Route.ofSubject(subject);
    return new QoeKey(route.cdn(), route.isp(), QoeMeasure.EVENTS.wireName());
  }
}
