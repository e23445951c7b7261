package io.spillway.admission;

/**
 * What admission keeps or turns away as a whole.
 *
 * <p>With {@link #KEY} the hash that decides is that of the Kafka record key (of the id where there
 * is no key, of partition and offset where there is neither), so at a given keep probability all
 * events of a key survive or none does, and a key that survives a low probability survives every
 * higher one. The lane gate narrows by the same hash ({@link LaneGate#share}) in place of shutting,
 * so it does not cut holes into every key.
 *
 * <p>When the probability falls below the hash of a key in the middle of its session, the key is
 * cut off there; when it rises again, the key comes back. A session is whole as long as the
 * probability stays above its hash. A window shows it exactly: events that are turned away are
 * counted per key, so its coverage is 1 if and only if nothing is missing.
 *
 * <p>What is kept is then a sample of keys: as a rule fewer independent units than events, and
 * wider intervals. {@link UnitHash} tells the windows which events belong together.
 */
public enum SamplingUnit {
  /** Each event is drawn on its own: the most precise aggregates. */
  EVENT,
  /** All events of a record key are drawn together: whole sessions, whole devices. */
  KEY
}
