package io.spillway.jobs.replay;

import io.spillway.admission.Reread;

/**
 * One thing that was read of a split.
 *
 * @param next the first offset of the split that comes after it
 */
record Fetched(Reread reread, long next) {}
