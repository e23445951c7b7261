package io.spillway.jobs.video;

import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.triggers.TriggerResult;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Lets a window speak once, when its lateness has passed and nothing can change it any more.
 * Flink's own trigger speaks at the end of the window and again for each straggler, and whoever
 * counts sessions would count some of them twice.
 */
final class OnceWhenOver extends Trigger<Object, TimeWindow> {
  private static final long serialVersionUID = 1L;

  private final long waitMillis;

  /**
   * @param waitMillis the lateness that the windows allow
   */
  OnceWhenOver(long waitMillis) {
    this.waitMillis = waitMillis;
  }

  @Override
  public TriggerResult onElement(
      Object element, long timestamp, TimeWindow window, TriggerContext context) {
    context.registerEventTimeTimer(overAt(window));
    return TriggerResult.CONTINUE;
  }

  @Override
  public TriggerResult onEventTime(long time, TimeWindow window, TriggerContext context) {
    return time == overAt(window) ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  @Override
  public TriggerResult onProcessingTime(long time, TimeWindow window, TriggerContext context) {
    return TriggerResult.CONTINUE;
  }

  @Override
  public boolean canMerge() {
    return true;
  }

  @Override
  public void onMerge(TimeWindow window, OnMergeContext context) {
    context.registerEventTimeTimer(overAt(window));
  }

  @Override
  public void clear(TimeWindow window, TriggerContext context) {
    context.deleteEventTimeTimer(overAt(window));
  }

  private long overAt(TimeWindow window) {
    return window.maxTimestamp() + waitMillis;
  }
}
