package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Latencies of the results that come out from now on, from the receipts topic. Not thread safe. */
public final class ReceiptTail implements AutoCloseable {
  private final TopicReader reader;
  private final LatencyWindow latencies = new LatencyWindow();
  private boolean hasSeenAny;

  private ReceiptTail(TopicReader reader) {
    this.reader = reader;
  }

  public static ReceiptTail of(String bootstrapServers, String topic) {
    return new ReceiptTail(TopicReader.fromNow(bootstrapServers, List.of(topic)));
  }

  /** For a job that writes no receipts. */
  public static ReceiptTail none() {
    return new ReceiptTail(null);
  }

  /** Reads for this long. */
  public void poll(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (reader == null) {
        sleep(Duration.ofNanos(left));
      } else {
        reader.poll(Duration.ofNanos(left)).forEach(this::add);
      }
    }
  }

  public boolean hasSeenAny() {
    return hasSeenAny;
  }

  public LatencyWindow latencies() {
    return latencies;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    try {
      Receipt receipt = Receipt.parse(record.value());
      latencies.add(receipt.priority(), record.timestamp() - receipt.sentMillis());
      hasSeenAny = true;
    } catch (IOException e) {
      throw SandboxException.failure(
          "%s holds a record that is no receipt: %s".formatted(record.topic(), e.getMessage()), e);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis() + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }
}
