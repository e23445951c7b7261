package io.spillway.benchmarks.programs;

import io.spillway.sandbox.measure.Processing;

/**
 * Pekko Streams with a plain consumer, the priority taken from the header of each record. The
 * connector for Kafka would pause a consumer whose stream does not ask for more, so events would
 * wait in Kafka in order of arrival, where no priority overtakes; here the buffers see all of them.
 */
final class PekkoProgram implements Processing {
  private final PriorityBuffers buffers;
  private final Workers workers;
  private final Output output;
  private final InputThread input;

  PekkoProgram(int buffer, ProgramTopics topics, int count, int workMicros) {
    output = new Output(topics.bootstrapServers(), topics.receipts());
    workers = new Workers(count, workMicros);
    buffers = new PriorityBuffers(buffer, count, workers::submit, output::write);
    try {
      input = new InputThread(topics.bootstrapServers(), topics.input(), buffers::offer);
    } catch (RuntimeException e) {
      buffers.close();
      workers.close();
      output.close();
      throw e;
    }
  }

  @Override
  public String id() {
    return "pekko";
  }

  @Override
  public void close() {
    try (output;
        workers;
        buffers) {
      input.close();
    }
  }
}
