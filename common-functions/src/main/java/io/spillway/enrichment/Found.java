package io.spillway.enrichment;

/**
 * What came of a question.
 *
 * @param answer null where {@code answered} says there is none
 * @param ageMillis how long ago the service gave it
 */
record Found<A>(A answer, Answered answered, long ageMillis) {
  static <A> Found<A> fresh(A answer) {
    return new Found<>(answer, Answered.FRESH, 0);
  }

  static <A> Found<A> nothing(Answered why) {
    return new Found<>(null, why, 0);
  }
}
