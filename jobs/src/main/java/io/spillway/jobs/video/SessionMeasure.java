package io.spillway.jobs.video;

import io.spillway.aggregation.Measured;
import io.spillway.priority.Priority;

/**
 * One figure of one session. What was not admitted was never part of a session, so how many
 * sessions there were is not known but estimated from the weights of those seen.
 *
 * @param weight how many sessions it stands for
 * @param sampledRate how many of them when it came in
 */
public record SessionMeasure(
    QoeKey key,
    String viewer,
    double value,
    double weight,
    double sampledRate,
    Priority priority,
    long unitHash)
    implements Measured {

  @Override
  public String distinctKey() {
    return viewer;
  }

  @Override
  public boolean attributed() {
    return false;
  }
}
