package io.spillway.event;

import java.io.Serializable;

/**
 * How times are grouped before windows are made of them: into panes of a fixed length, or into
 * spans that go on for as long as no gap is wider than a given one.
 *
 * @param millis length of a pane, or of the gap
 * @param sessions whether it is the gap
 */
public record TimeSpans(long millis, boolean sessions) implements Serializable {
  public TimeSpans {
    if (millis < 1) {
      throw new IllegalArgumentException("millis must be at least 1: " + millis);
    }
  }

  /**
   * Start of the span that an event at this time opens when there is no other; it ends {@link
   * #millis} later, exclusive.
   */
  public long from(long time) {
    return sessions ? time : time - Math.floorMod(time, millis);
  }
}
