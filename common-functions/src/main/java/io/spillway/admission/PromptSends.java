package io.spillway.admission;

/**
 * How often the buffers of a lane are handed over for the sake of a single event, not when they are
 * full or old: at most {@value #MOST} times from one refresh to the next, and after more events
 * than that not at all until there are fewer again. On a busy lane full buffers are worth more than
 * the wait. Asked by one thread; others may refresh, and then one event more or less is handed
 * over.
 */
final class PromptSends {
  /** With a tick of 20 ms: 800 a second, as a stage can do that takes 1.25 ms for each. */
  static final int MOST = 16;

  private volatile int events;
  private volatile int allowed = MOST;

  void refresh() {
    allowed = events > MOST ? 0 : MOST;
    events = 0;
  }

  /** Whether the event just written is to be handed over at once. */
  boolean next() {
    int so = events + 1;
    events = so;
    return so <= allowed;
  }
}
