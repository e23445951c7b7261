package io.spillway.jobs.load;

import io.spillway.priority.Priority;

/**
 * What the events of one job are: their types, their keys and what they say. All of it follows from
 * the number of the source, the event's place in the source's sequence, both from 1, and its
 * priority. What can be written once is written once. Not thread safe.
 */
interface Vocabulary {
  /** The source with this number. */
  Sender sender(int source);

  /** The counterpart of the job's default priority rules. */
  String type(Priority priority, long sequence);

  /** The Kafka key: events of one key keep their order in one partition. */
  byte[] key(int source, long sequence);

  /**
   * What the event says, as JSON.
   *
   * @param event its number, for whatever is left to chance
   */
  byte[] payload(int source, long sequence, Priority priority, long event);
}
