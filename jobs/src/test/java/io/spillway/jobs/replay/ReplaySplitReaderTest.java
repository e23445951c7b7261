package io.spillway.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Reread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ReplaySplitReaderTest {
  private static final TopicPartition PARTITION = new TopicPartition("iot.events", 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final ReplaySplitReader reader = new ReplaySplitReader(consumer);
  private final List<Long> found = new ArrayList<>();
  private final List<Long> gone = new ArrayList<>();
  private final List<Long> nexts = new ArrayList<>();

  @Test
  void givesExactlyTheDeferredEventsInTheirOrder() {
    kafkaHas(0, 200, 100, 101, 102, 103, 104, 105, 106);
    read(split(100, 105, 0, 3, 5));
    assertThat(found).containsExactly(100L, 103L, 105L);
    assertThat(gone).isEmpty();
    assertThat(nexts).containsExactly(101L, 104L, 106L);
  }

  @Test
  void goesOnWhereACheckpointWas() {
    kafkaHas(0, 200, 100, 101, 102, 103, 104, 105);
    read(split(100, 105, 0, 3, 5).readUpTo(104));
    assertThat(found).containsExactly(105L);
    assertThat(gone).isEmpty();
  }

  @Test
  void whatRetentionHasDeletedIsGoneAndTheRestIsRead() {
    kafkaHas(103, 200, 103, 104, 105);
    read(split(100, 105, 0, 2, 3, 5));
    assertThat(gone).containsExactly(100L, 102L);
    assertThat(found).containsExactly(103L, 105L);
  }

  @Test
  void aRangeThatRetentionHasDeletedAsAWholeIsGone() {
    kafkaHas(500, 600);
    read(split(100, 105, 0, 2, 5));
    assertThat(gone).containsExactly(100L, 102L, 105L);
    assertThat(found).isEmpty();
  }

  @Test
  void whatCompactionHasDeletedIsGone() {
    kafkaHas(0, 200, 100, 105, 106);
    read(split(100, 105, 0, 3, 5));
    assertThat(found).containsExactly(100L, 105L);
    assertThat(gone).containsExactly(103L);
    assertThat(nexts).as("in the order of offsets").isSorted();
  }

  @Test
  void everythingOfADeletedTopicIsGone() {
    consumer.updatePartitions(PARTITION.topic(), List.of());
    read(split(100, 105, 0, 3));
    assertThat(gone).containsExactly(100L, 103L);
  }

  @Test
  void everythingOfAPartitionThatATopicNoLongerHasIsGone() {
    consumer.updatePartitions(PARTITION.topic(), List.of(info(0)));
    read(split(100, 105, 0, 3));
    assertThat(gone).containsExactly(100L, 103L);
  }

  @Test
  void whatLiesBehindTheEndOfATopicThatWasMadeAnewIsGone() {
    kafkaHas(0, 102, 100, 101);
    read(split(100, 105, 0, 3));
    assertThat(found).containsExactly(100L);
    assertThat(gone).containsExactly(103L);
  }

  @Test
  void readsSplitsOfDifferentPartitionsAtOnce() {
    TopicPartition other = new TopicPartition(PARTITION.topic(), 0);
    consumer.updatePartitions(PARTITION.topic(), List.of(info(0), info(1)));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L, other, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 200L, other, 200L));
    consumer.schedulePollTask(
        () -> {
          for (TopicPartition partition : List.of(PARTITION, other)) {
            for (long offset : new long[] {100, 103, 109, 110}) {
              consumer.addRecord(
                  new ConsumerRecord<>(
                      partition.topic(), partition.partition(), offset, null, new byte[] {1}));
            }
          }
        });
    reader.handleSplitsChanges(
        new SplitsAddition<>(
            List.of(
                split(100, 109, 0, 3, 9),
                new ReplaySplit(other.topic(), 0, 90, 109, RoaringBitmap.bitmapOf(10, 19), 100))));

    assertThat(take(reader.fetch()))
        .containsExactlyInAnyOrder("iot.events-1@100", "iot.events-0@90");
    assertThat(found).containsExactlyInAnyOrder(100L, 103L, 109L, 100L, 109L);
    assertThat(gone).isEmpty();
  }

  @Test
  void readsOneSplitOfAPartitionAfterTheOther() {
    kafkaHas(0, 200, 100, 101, 102, 103);
    reader.handleSplitsChanges(
        new SplitsAddition<>(List.of(split(100, 101, 0), split(102, 103, 1))));
    List<String> finished = new ArrayList<>();
    while (finished.size() < 2) {
      finished.addAll(take(reader.fetch()));
      if (finished.size() == 1 && found.size() == 1) {
        schedule(100, 101, 102, 103);
      }
    }
    assertThat(finished).containsExactly("iot.events-1@100", "iot.events-1@102");
    assertThat(found).containsExactly(100L, 103L);
  }

  @Test
  void aSplitIsTheSameAfterItsSerialization() throws IOException {
    ReplaySplit split = split(1L << 40, (1L << 40) + 9, 0, 9).readUpTo((1L << 40) + 4);
    ReplaySplit.Serializer serializer = new ReplaySplit.Serializer();
    assertThat(serializer.deserialize(1, serializer.serialize(split))).isEqualTo(split);
    ReplaySplit.Plan plan =
        new ReplaySplit.Plan(true, List.of(split, split(5, 5, 0)), Set.of("run-1", "run-2"));
    ReplaySplit.PlanSerializer plans = new ReplaySplit.PlanSerializer();
    assertThat(plans.deserialize(3, plans.serialize(plan))).isEqualTo(plan);
    assertThat(plans.deserialize(1, plans.serialize(plan)).settledBy())
        .as("a plan of version 1 ends with its splits")
        .isEmpty();
  }

  private void read(ReplaySplit split) {
    reader.handleSplitsChanges(new SplitsAddition<>(List.of(split)));
    List<String> finished = List.of();
    for (int fetches = 0; finished.isEmpty() && fetches < 20; fetches++) {
      finished = take(reader.fetch());
    }
    assertThat(finished).containsExactly(split.splitId());
  }

  private List<String> take(RecordsWithSplitIds<Fetched> records) {
    while (records.nextSplit() != null) {
      for (Fetched fetched = records.nextRecordFromSplit();
          fetched != null;
          fetched = records.nextRecordFromSplit()) {
        Reread reread = fetched.reread();
        nexts.add(fetched.next());
        if (reread.event() != null) {
          found.add(reread.event().offset());
        }
        reread.goneOffsets().forEach((int offset) -> gone.add(reread.from() + offset));
      }
    }
    return List.copyOf(records.finishedSplits());
  }

  private void kafkaHas(long begin, long end, long... offsets) {
    consumer.updatePartitions(PARTITION.topic(), List.of(info(0), info(1)));
    consumer.updateBeginningOffsets(Map.of(PARTITION, begin));
    consumer.updateEndOffsets(Map.of(PARTITION, end));
    schedule(offsets);
  }

  /** Once the partition is assigned; the mock forgets records when the assignment changes. */
  private void schedule(long... offsets) {
    consumer.schedulePollTask(
        () -> {
          for (long offset : offsets) {
            if (offset >= consumer.position(PARTITION)) {
              consumer.addRecord(
                  new ConsumerRecord<>(
                      PARTITION.topic(), PARTITION.partition(), offset, null, new byte[] {1}));
            }
          }
        });
  }

  private static PartitionInfo info(int partition) {
    return new PartitionInfo(PARTITION.topic(), partition, null, null, null);
  }

  private static ReplaySplit split(long from, long to, int... offsets) {
    return new ReplaySplit(
        PARTITION.topic(), PARTITION.partition(), from, to, RoaringBitmap.bitmapOf(offsets), from);
  }
}
