package io.spillway.jobs;

import org.apache.flink.connector.base.DeliveryGuarantee;

/** How often a result is in Kafka after a failure. The value in configuration is the word. */
public enum Delivery {
  /** Visible at once; after a failure some results come twice. */
  AT_LEAST_ONCE("at-least-once", DeliveryGuarantee.AT_LEAST_ONCE),
  /**
   * In transactions: visible with the next checkpoint, and only to those who read committed
   * records.
   */
  EXACTLY_ONCE("exactly-once", DeliveryGuarantee.EXACTLY_ONCE);

  private final String word;
  private final DeliveryGuarantee guarantee;

  Delivery(String word, DeliveryGuarantee guarantee) {
    this.word = word;
    this.guarantee = guarantee;
  }

  DeliveryGuarantee guarantee() {
    return guarantee;
  }

  /** What Flink compares with when it reads the setting. */
  @Override
  public String toString() {
    return word;
  }
}
