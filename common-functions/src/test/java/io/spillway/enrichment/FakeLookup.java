package io.spillway.enrichment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers as it is told to, and remembers what it was asked. Synchronized. */
final class FakeLookup implements Lookup<String, String> {
  /** Leaves every question open. */
  static final Function<String, CompletionStage<String>> HANGS =
      question -> new CompletableFuture<>();

  static final Function<String, CompletionStage<String>> ANSWERS =
      question -> CompletableFuture.completedFuture("answer to " + question);

  static Function<String, CompletionStage<String>> fails(LookupFailure.Kind kind) {
    return question -> CompletableFuture.failedFuture(new LookupFailure(kind, "told to"));
  }

  private final List<String> asked = new ArrayList<>();
  private final List<Long> deadlinesMillis = new ArrayList<>();
  private final List<CompletableFuture<String>> given = new ArrayList<>();
  private Function<String, CompletionStage<String>> behaviour = ANSWERS;
  private boolean closed;

  synchronized void behaves(Function<String, CompletionStage<String>> how) {
    behaviour = how;
  }

  @Override
  public synchronized CompletionStage<String> ask(String question, Duration deadline) {
    asked.add(question);
    deadlinesMillis.add(deadline.toMillis());
    CompletionStage<String> answer = behaviour.apply(question);
    if (answer != null) {
      given.add(answer.toCompletableFuture());
    }
    return answer;
  }

  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  synchronized List<Long> deadlinesMillis() {
    return List.copyOf(deadlinesMillis);
  }

  synchronized List<CompletableFuture<String>> given() {
    return List.copyOf(given);
  }

  synchronized boolean closed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
