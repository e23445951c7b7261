package io.spillway.jobs.video;

/** What a result is about. */
public enum QoeMeasure {
  /** Events that happened in the window; their sum is the time that videos stood still, in ms. */
  EVENTS("events"),
  /** Sessions that began, or failed to: each counts as 1. */
  SESSIONS("sessions"),
  /** The same sessions: 1 where the start failed, else 0. */
  FAILED_STARTS("failed-starts"),
  /** Sessions that played: share of the time that the video stood still. */
  REBUFFER_RATIO("rebuffer-ratio"),
  /** Sessions that began: time to the first picture, in ms. */
  STARTUP_MILLIS("startup-millis");

  private final String wireName;

  QoeMeasure(String wireName) {
    this.wireName = wireName;
  }

  /** As it stands in results. */
  public String wireName() {
    return wireName;
  }
}
