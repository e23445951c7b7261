package io.spillway.admission;

import io.spillway.config.InvalidSettings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * An admitted event as the record that the next job reads: key, value, timestamp and headers of the
 * original, byte for byte, but for one header, {@code ce_sampledrate}, which says how many events
 * this one stands for after admission. An event that stands for itself and came without the header
 * goes without it. Deadline and priority stay as they came; where there is no {@code ce_priority},
 * the next job's own rules decide. In structured mode the attribute in the envelope stays what it
 * was, because the value is not touched; the header beside it is the later word, and {@link
 * io.spillway.event.EventAttributes} reads it so.
 *
 * <p>The header is a whole number, a weight is not: 2.25 is written as 3 for a quarter of the
 * events and as 2 for the others, so that sums of weights keep their expectation (randomised
 * rounding). Chance is a hash, as in admission, so that a second reading writes the same; it has a
 * seed of its own for every job, because a hash that also decided who is admitted, here or in the
 * job before, would favour one way of rounding. Weights above 10^9, the most a reader accepts, are
 * cut off there.
 *
 * <p>A weight knows the keep probability and not the lane gate: what was turned away as {@code
 * lane_full} is on the ledger, and no event that went on stands for it. Thread safe.
 */
public final class OnwardRecordSerializer
    implements KafkaRecordSerializationSchema<AdmittedEvent>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  private static final long MOST = 1_000_000_000;
  private static final long ROUNDING = 0x9E37_79B9_7F4A_7C15L;
  private static final double UNIFORM = 0x1.0p-63;

  private final String topic;
  private final long seed;
  private transient EventHash hash;

  /**
   * @param admissionSeed the seed of the admission that the events come from
   */
  public OnwardRecordSerializer(String topic, long admissionSeed) {
    if (topic.isBlank()) {
      throw new InvalidSettings("admitted events need a topic: its name is empty");
    }
    this.topic = topic;
    this.seed = admissionSeed ^ ROUNDING;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    hash = new EventHash(seed);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      AdmittedEvent event, KafkaSinkContext context, Long timestamp) {
    RawEvent raw = event.raw();
    long rate = rounded(event.weight(), raw);
    Headers headers = new RecordHeaders();
    EventHeaders original = raw.headers();
    boolean hadRate = false;
    for (int i = 0; i < original.size(); i++) {
      if (original.name(i).equals(CloudEventHeaders.SAMPLED_RATE)) {
        hadRate = true;
      } else {
        headers.add(original.name(i), original.value(i));
      }
    }
    if (hadRate || rate > 1) {
      headers.add(
          CloudEventHeaders.SAMPLED_RATE, Long.toString(rate).getBytes(StandardCharsets.US_ASCII));
    }
    Long time = raw.timestampMillis() < 0 ? null : Long.valueOf(raw.timestampMillis());
    return new ProducerRecord<>(topic, null, time, raw.key(), raw.value(), headers);
  }

  private long rounded(double weight, RawEvent raw) {
    if (!(weight < MOST)) {
      return MOST;
    }
    long whole = (long) weight;
    double rest = weight - whole;
    if (rest == 0) {
      return whole;
    }
    double chance = hash.of(raw, raw.header(CloudEventHeaders.ID)) * UNIFORM;
    return chance < rest ? whole + 1 : whole;
  }

  /** Names the topic to Flink's lineage, which a transactional sink with pooled names needs. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
  }
}
