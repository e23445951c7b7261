package io.spillway.enrichment;

import java.io.Serializable;

/** Opens the {@link Lookup} of a subtask. Travels to the workers with the job. */
@FunctionalInterface
public interface LookupFactory<Q, A> extends Serializable {
  /** A lookup for one subtask. Should not need the other side to be there yet. */
  Lookup<Q, A> open() throws Exception;
}
