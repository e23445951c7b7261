package io.spillway.sandbox.audit;

import java.util.OptionalLong;

/**
 * Which part of an input partition is audited.
 *
 * @param logStart the first offset that Kafka still has
 * @param from the first offset that is audited
 * @param committed everything before it the job has promised to be through with; empty if it has
 *     never committed
 * @param end one past the last offset
 */
public record InputRange(long logStart, long from, OptionalLong committed, long end) {}
