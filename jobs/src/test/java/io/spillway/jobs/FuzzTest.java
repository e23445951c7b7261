package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Lanes;
import io.spillway.admission.RejectionCounting;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.jobs.work.Receipt;
import io.spillway.ledger.LedgerEntry;
import io.spillway.priority.PriorityRules;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hundred thousand records that nobody meant to send go through the whole of a job. No exception
 * leaves it, and of each record it is known what became of it: a result, a dead letter, or a place
 * in the ledger.
 */
class FuzzTest {
  private static final long RECORDS = 100_000;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @Test
  void everyRecordOfTheIotJobIsAccountedFor() throws Exception {
    FuzzedRecords records =
        new FuzzedRecords(
            "iot.fault",
            random ->
                "{\"site\":\"s-1\",\"sensor\":\"x\",\"metric\":\"m\",\"value\":%s,\"unit\":\"C\"}"
                    .formatted(random.nextInt(100)));
    Settings settings = settings(IotOptions.OPTIONS);
    StreamExecutionEnvironment env = environment();
    RejectionCounting counting = IotIngestionJob.rejectionCounting(settings);
    IotIngestionJob.Outputs outputs =
        IotIngestionJob.wire(lanes(env, records, settings, counting), settings, 1);
    assertAllAccountedFor(env, outputs.receipts(), outputs.deadLetters(), outputs.ledger());
  }

  @Test
  void everyRecordOfTheTransactionJobIsAccountedFor() throws Exception {
    FuzzedRecords records =
        new FuzzedRecords(
            "transaction.payment",
            random ->
                "{\"account\":\"a-%d\",\"merchant\":\"m\",\"amountMinor\":%d,\"currency\":\"EUR\"}"
                    .formatted(random.nextInt(50), 1 + random.nextInt(100)));
    Settings settings = settings(TransactionOptions.OPTIONS);
    StreamExecutionEnvironment env = environment();
    TransactionJob.Outputs outputs =
        TransactionJob.wire(lanes(env, records, settings, null), settings, 1);
    assertAllAccountedFor(env, outputs.receipts(), outputs.deadLetters(), outputs.ledger());
  }

  @Test
  void everyRecordOfTheVideoJobIsAccountedFor() throws Exception {
    FuzzedRecords records =
        new FuzzedRecords(
            "video.heartbeat",
            random ->
                "{\"viewer\":\"u-%d\",\"cdn\":\"c\",\"isp\":\"i\",\"bitrateKbps\":3200,\"positionMillis\":0}"
                    .formatted(random.nextInt(50)));
    Settings settings = settings(VideoOptions.OPTIONS);
    StreamExecutionEnvironment env = environment();
    RejectionCounting counting = VideoQoeJob.rejectionCounting(VideoOptions.from(settings));
    VideoQoeJob.Outputs outputs =
        VideoQoeJob.wire(lanes(env, records, settings, counting), settings, 1);
    assertAllAccountedFor(env, outputs.receipts(), outputs.deadLetters(), outputs.ledger());
  }

  private static Settings settings(Collection<ConfigOption<?>> options) {
    // Nothing is turned away because this machine is busy.
    return Settings.of(
        Map.of(
            "receipts.topic", "receipts",
            "lanes", "single",
            "admission.overload.high", "block",
            "admission.overload.normal", "block",
            "admission.overload.bulk", "block"),
        options);
  }

  private static Lanes lanes(
      StreamExecutionEnvironment env,
      FuzzedRecords records,
      Settings settings,
      RejectionCounting counting) {
    return Lanes.admit(
        AdmissionOptions.from(settings),
        EventLimits.from(settings),
        PriorityRules.parse(settings.get(FlowOptions.PRIORITY_RULES)),
        counting,
        lane -> source(env, records, settings));
  }

  private static StreamExecutionEnvironment environment() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    return env;
  }

  private static SingleOutputStreamOperator<RawEvent> source(
      StreamExecutionEnvironment env, FuzzedRecords records, Settings settings) {
    WatermarkStrategy<RawEvent> eventTime = EventTime.from(settings);
    return env.fromSequence(0, RECORDS - 1)
        .map(
            offset -> RawEventDeserializer.rawEvent(records.at(offset)),
            TypeInformation.of(RawEvent.class))
        .assignTimestampsAndWatermarks(
            WatermarkStrategy.<RawEvent>noWatermarks()
                .withTimestampAssigner(eventTime::createTimestampAssigner));
  }

  private static void assertAllAccountedFor(
      StreamExecutionEnvironment env,
      DataStream<Receipt> receipts,
      DataStream<DeadLetter> deadLetters,
      DataStream<LedgerEntry> ledger)
      throws Exception {
    BitSet known = new BitSet();
    long processed = 0;
    long dead = 0;
    long rejected = 0;
    CloseableIterator<Long> done = receipts.map(Receipt::offset).collectAsync();
    CloseableIterator<Long> letters = deadLetters.map(l -> l.event().offset()).collectAsync();
    CloseableIterator<LedgerEntry> entries = ledger.collectAsync();
    env.executeAsync("fuzz");
    try (done;
        letters;
        entries) {
      for (; done.hasNext(); processed++) {
        mark(known, done.next());
      }
      for (; letters.hasNext(); dead++) {
        mark(known, letters.next());
      }
      while (entries.hasNext()) {
        LedgerEntry entry = entries.next();
        for (var offsets : entry.rejected().values()) {
          offsets.forEach((int offset) -> mark(known, entry.fromOffset() + offset));
        }
        rejected += Arrays.stream(entry.rejectedCounts()).flatMapToLong(Arrays::stream).sum();
      }
    }
    assertThat(known.cardinality()).isEqualTo((int) RECORDS);
    assertThat(processed + dead + rejected).isEqualTo(RECORDS);
    assertThat(processed).as("what is right is processed").isGreaterThan(RECORDS / 8);
    assertThat(dead).as("what is wrong is a dead letter").isGreaterThan(RECORDS / 6);
  }

  private static void mark(BitSet known, long offset) {
    assertThat(known.get((int) offset)).as("offset %d is accounted for twice", offset).isFalse();
    known.set((int) offset);
  }
}
