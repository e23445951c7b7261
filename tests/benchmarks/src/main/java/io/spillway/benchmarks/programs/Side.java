package io.spillway.benchmarks.programs;

/** What is raced: the job of the demo on Flink, and programs in its place. */
public enum Side {
  SPILLWAY("Spillway"),
  KAFKA_STREAMS("Kafka Streams, drops what is older than 0.5 s"),
  PEKKO("Pekko Streams, dropHead + mergePrioritized"),
  RATE_LIMITER("resilience4j RateLimiter"),
  BULKHEAD("resilience4j Bulkhead"),
  CONCURRENCY_LIMITS("Netflix concurrency-limits (Vegas)");

  private final String words;

  Side(String words) {
    this.words = words;
  }

  /** What reports call it. */
  public String words() {
    return words;
  }
}
