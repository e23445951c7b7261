package io.spillway.jobs.retention;

/**
 * How it stands with the deferred events of a job, at one moment.
 *
 * @param open neither replayed nor gone
 * @param oldestSeconds since the first of them was written; NaN without one
 * @param retentionSeconds until retention may delete the first of them; NaN without one, or where
 *     nothing deletes it
 * @param retentionLeft the same as a share of the whole retention, 0 to 1; NaN as above
 * @param gone which nobody can replay any more
 */
record DeferredState(
    long open, double oldestSeconds, double retentionSeconds, double retentionLeft, long gone) {}
