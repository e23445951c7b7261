package io.spillway.benchmarks.fairness;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.Receipt;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How many events of each source were delivered.
 *
 * @param deliveredBySource events by {@code ce_source}; a source without any may be missing
 */
public record SourceShares(Map<String, Long> deliveredBySource) {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Counts the receipts of events that were to be sent in a span of time.
   *
   * @param fromMillis since the epoch, inclusive
   * @param toMillis since the epoch, exclusive
   */
  public static SourceShares read(
      LocalCluster cluster, String receipts, long fromMillis, long toMillis) {
    Map<String, Long> delivered = new HashMap<>();
    try (TopicReader reader =
        TopicReader.fromBeginning(cluster.bootstrapServers(), List.of(receipts))) {
      Map<TopicPartition, Long> ends = reader.ends();
      while (!reader.hasReached(ends)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          Receipt receipt = Receipt.parse(record.value());
          if (receipt.sentMillis() >= fromMillis && receipt.sentMillis() < toMillis) {
            delivered.merge(receipt.source(), 1L, Long::sum);
          }
        }
      }
    } catch (IOException e) {
      throw SandboxException.failure(
          "topic %s has a record that is no receipt: %s".formatted(receipts, e.getMessage()), e);
    }
    return new SourceShares(delivered);
  }

  /**
   * Jain's index of fairness (Jain, Chiu and Hawe 1984): 1 if all have got the same, 1/n if one has
   * got everything.
   *
   * @param sources how many there are, those that have got nothing included
   */
  public double jain(int sources) {
    double sum = 0;
    double squares = 0;
    for (long delivered : deliveredBySource.values()) {
      sum += delivered;
      squares += (double) delivered * delivered;
    }
    return squares == 0 ? 1 : sum * sum / (sources * squares);
  }

  /** Events delivered of the source that got most. */
  public long most() {
    return deliveredBySource.values().stream().mapToLong(n -> n).max().orElse(0);
  }
}
