package io.spillway.jobs.replay;

import io.spillway.admission.Reread;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * A bounded source of the events that a job deferred and no replay has read again: what the ledger
 * says at the start. The ledger is read once, by the enumerator; splits and their progress are in
 * checkpoints.
 */
public final class ReplaySource implements Source<Reread, ReplaySplit, ReplaySplit.Plan> {
  private static final long serialVersionUID = 1L;

  private final KafkaLedger.Place place;
  private final double ratePerSecond;

  private ReplaySource(KafkaLedger.Place place, double ratePerSecond) {
    this.place = place;
    this.ratePerSecond = ratePerSecond;
  }

  /**
   * @param properties for Kafka's clients, with the brokers
   * @param inputs topics whose deferred events are read again; the ledger may know more
   * @param transactions what the transactions of replays of this job are named after
   */
  public static ReplaySource of(
      ReplayOptions options,
      Map<String, String> properties,
      String ledgerTopic,
      List<String> inputs,
      String transactions) {
    return new ReplaySource(
        new KafkaLedger.Place(
            new HashMap<>(properties),
            ledgerTopic,
            Set.copyOf(inputs),
            transactions,
            options.job(),
            options.run()),
        options.ratePerSecond());
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<Reread, ReplaySplit> createReader(SourceReaderContext context) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.putAll(place.properties());
    return new ReplayReader(
        () -> new ReplaySplitReader(KafkaLedger.newConsumer(properties)), context, rate());
  }

  @SuppressWarnings("unchecked") // what Flink makes has no type
  private RateLimiterStrategy<ReplaySplit> rate() {
    return ratePerSecond == 0
        ? RateLimiterStrategy.noOp()
        : RateLimiterStrategy.perSecond(ratePerSecond);
  }

  @Override
  public SplitEnumerator<ReplaySplit, ReplaySplit.Plan> createEnumerator(
      SplitEnumeratorContext<ReplaySplit> context) {
    return restoreEnumerator(context, ReplaySplit.Plan.NONE);
  }

  @Override
  public SplitEnumerator<ReplaySplit, ReplaySplit.Plan> restoreEnumerator(
      SplitEnumeratorContext<ReplaySplit> context, ReplaySplit.Plan plan) {
    return new ReplayEnumerator(context, new KafkaLedger(place), place.run(), plan);
  }

  @Override
  public SimpleVersionedSerializer<ReplaySplit> getSplitSerializer() {
    return new ReplaySplit.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<ReplaySplit.Plan> getEnumeratorCheckpointSerializer() {
    return new ReplaySplit.PlanSerializer();
  }
}
