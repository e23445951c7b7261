package io.spillway.jobs.transactions;

/** A command with what its decision goes by. */
public record ScoredCommand(Command command, Velocity velocity, Risk risk) {
  ScoredCommand with(Risk known) {
    return new ScoredCommand(command, velocity, known);
  }
}
