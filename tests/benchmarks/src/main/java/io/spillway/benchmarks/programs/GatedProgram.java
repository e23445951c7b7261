package io.spillway.benchmarks.programs;

import io.spillway.jobs.work.Receipt;
import io.spillway.sandbox.measure.Processing;

/** A plain consumer, a {@link Gate} and the workers: a limiter as a service would use it. */
final class GatedProgram implements Processing {
  private final String name;
  private final Gate gate;
  private final Workers workers;
  private final Output output;
  private final InputThread input;

  GatedProgram(String name, Gate gate, ProgramTopics topics, int workers, int workMicros) {
    this.name = name;
    this.gate = gate;
    this.output = new Output(topics.bootstrapServers(), topics.receipts());
    this.workers = new Workers(workers, workMicros);
    try {
      this.input = new InputThread(topics.bootstrapServers(), topics.input(), this::offer);
    } catch (RuntimeException e) {
      this.workers.close();
      this.output.close();
      throw e;
    }
  }

  private void offer(Receipt event) {
    gate.enter(event.priority())
        .ifPresent(
            done ->
                workers
                    .submit(event)
                    .whenComplete((worked, stopped) -> done.run())
                    .thenAccept(output::write));
  }

  @Override
  public String id() {
    return name;
  }

  @Override
  public void close() {
    try (output;
        workers) {
      input.close();
    }
  }
}
