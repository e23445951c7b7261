package io.spillway.benchmarks.programs;

/** Where a program reads and writes. */
record ProgramTopics(String bootstrapServers, String input, String receipts) {}
