package io.spillway.benchmarks.fairness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spillway.event.CloudEventHeaders;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.MeasuredTopics;
import io.spillway.sandbox.measure.Receipt;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * How many events of each source were delivered.
 *
 * @param deliveredBySource events by {@code ce_source}; a source without any may be missing
 * @param partitionBySource where each source sends to, which is one partition
 */
public record SourceShares(
    Map<String, Long> deliveredBySource, Map<String, Integer> partitionBySource) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Counts the receipts of events that were to be sent in a span of time.
   *
   * @param fromMillis since the epoch, inclusive
   * @param toMillis since the epoch, exclusive
   */
  public static SourceShares read(
      LocalCluster cluster, MeasuredTopics topics, long fromMillis, long toMillis) {
    Map<String, Long> delivered = new HashMap<>();
    TopicReader.readAll(
        cluster.bootstrapServers(),
        topics.receipts(),
        LIMIT,
        record -> {
          Receipt receipt = receipt(record);
          if (receipt.sentMillis() >= fromMillis && receipt.sentMillis() < toMillis) {
            delivered.merge(receipt.source(), 1L, Long::sum);
          }
        });
    Map<String, Integer> partitions = new HashMap<>();
    for (String input : topics.inputs()) {
      TopicReader.readAll(
          cluster.bootstrapServers(),
          input,
          LIMIT,
          record -> {
            Header source = record.headers().lastHeader(CloudEventHeaders.SOURCE);
            if (source != null) {
              partitions.put(new String(source.value(), UTF_8), record.partition());
            }
          });
    }
    return new SourceShares(delivered, partitions);
  }

  private static Receipt receipt(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Receipt.parse(record.value());
    } catch (IOException e) {
      throw SandboxException.failure(
          "topic %s has a record that is no receipt: %s".formatted(record.topic(), e.getMessage()),
          e);
    }
  }

  /**
   * Jain's index of fairness (Jain, Chiu and Hawe 1984): 1 if all have got the same, 1/n if one has
   * got everything.
   *
   * @param sources how many there are, those that have got nothing included
   */
  public double jain(int sources) {
    return jain(deliveredBySource.values(), sources);
  }

  /**
   * The lowest index among the sources of one partition: a subtask divides what it has among the
   * sources that it sees, and those of another partition may be more or fewer.
   */
  public double jainWithinAPartition() {
    return partitionBySource.entrySet().stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getValue,
                Collectors.mapping(
                    entry -> deliveredBySource.getOrDefault(entry.getKey(), 0L),
                    Collectors.toList())))
        .values()
        .stream()
        .mapToDouble(delivered -> jain(delivered, delivered.size()))
        .min()
        .orElse(1);
  }

  /** Sources of the partition that has most. */
  public long mostInAPartition() {
    return partitionBySource.values().stream()
        .collect(Collectors.groupingBy(partition -> partition, Collectors.counting()))
        .values()
        .stream()
        .mapToLong(n -> n)
        .max()
        .orElse(0);
  }

  private static double jain(Collection<Long> all, int sources) {
    double sum = 0;
    double squares = 0;
    for (long delivered : all) {
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
