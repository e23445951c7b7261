package io.spillway.benchmarks;

/** A figure that is good to know but that no goal is set for. */
record Note(String what, Spread measured, String unit) {}
