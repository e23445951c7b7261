package io.spillway.jobs.video;

import static io.spillway.jobs.video.PlaybackEvents.point;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class PlaybackRecordsTest {
  @Test
  void allAreSerializedWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(PlaybackPoint.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(PlaybackEvent.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(PlaybackSession.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SessionFigures.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(SessionMeasure.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(QoeKey.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(QoeEstimate.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(StartFailure.class);
  }

  @Test
  void anOpenSessionGoesOnAfterItWasState() throws IOException {
    SessionFigures figures = new SessionFigures().with(point(PlaybackKind.START, 0, 420, 2));
    for (int i = 1; i <= 40; i++) {
      figures = throughState(figures).with(point(PlaybackKind.HEARTBEAT, 1_000L * i, i % 3, 2));
    }
    PlaybackSession session = figures.session(70_000);
    assertThat(session.bitrateChanges()).isEqualTo(39);
    assertThat(session.start()).isEqualTo(new PlaybackSession.Weight(2, 1));
    assertThat(session.playMillis()).isEqualTo(40_000);
  }

  @Test
  void aSessionIsOneLineOfJson() {
    PlaybackSession session =
        new SessionFigures()
            .with(point(PlaybackKind.START, 0, 420, 2))
            .with(point(PlaybackKind.REBUFFER, 5_000, 1_000, 1))
            .with(point(PlaybackKind.HEARTBEAT, 9_000, 800, 2))
            .session(40_000);
    assertThat(new String(session.toJson(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"viewer\":\"u-1\",\"cdn\":\"c-1\",\"isp\":\"i-1\",\"start\":\"1970-01-01T00:00:00Z\","
                + "\"end\":\"1970-01-01T00:00:09Z\",\"durationMillis\":9000,\"startupMillis\":420.0,"
                + "\"failed\":false,\"playMillis\":9000,\"rebufferMillis\":1000,\"rebuffers\":1,"
                + "\"rebufferRatio\":0.1,\"heartbeats\":1,\"meanKbps\":800.0,\"bitrateChanges\":0,"
                + "\"weight\":2.0}");
    assertThat(session.kafkaKey()).isEqualTo(PlaybackEvents.bytes("u-1"));
  }

  @Test
  void aResultIsOneLineOfJson() {
    WindowSample sample = new WindowSample();
    QoeKey key = new QoeKey("c-1", "i-1", "rebuffer-ratio");
    sample.add(new SessionMeasure(key, "u-1", 0.25, 1, 1, Priority.NORMAL, 7));
    QoeEstimate result = new QoeEstimate(key, WindowEstimate.of(0, 10_000, sample));
    assertThat(new String(result.toJson(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"cdn\":\"c-1\",\"isp\":\"i-1\",\"measure\":\"rebuffer-ratio\","
                + "\"start\":\"1970-01-01T00:00:00Z\",\"end\":\"1970-01-01T00:00:10Z\",\"kept\":1,"
                + "\"count\":1.0,\"countExact\":false,\"coverage\":1.0,\"sum\":0.25,\"sumLow\":0.25,"
                + "\"sumHigh\":0.25,\"mean\":0.25,\"meanLow\":0.25,\"meanHigh\":0.25,\"min\":0.25,"
                + "\"max\":0.25,\"p50\":0.25,\"p95\":0.25,\"p99\":0.25,\"rankError\":0.0,"
                + "\"distinctViewers\":1.0,\"reliable\":true}");
    assertThat(result.kafkaKey()).isEqualTo(PlaybackEvents.bytes("c-1|i-1"));
  }

  @Test
  void aStartFailureIsOneLineOfJson() {
    StartFailure failure =
        new StartFailure(
            "id-1", "player-u", "video.start-failure", Priority.CRITICAL, 1, "u", "c", "i", 3);
    assertThat(new String(failure.toJson(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"id-1\",\"source\":\"player-u\",\"type\":\"video.start-failure\","
                + "\"priority\":\"critical\",\"time\":\"1970-01-01T00:00:00.001Z\","
                + "\"viewer\":\"u\",\"cdn\":\"c\",\"isp\":\"i\",\"sent\":3}");
    assertThat(failure.kafkaKey()).isEqualTo(PlaybackEvents.bytes("player-u"));
  }

  private static SessionFigures throughState(SessionFigures figures) throws IOException {
    TypeSerializer<SessionFigures> serializer =
        TypeInformation.of(SessionFigures.class).createSerializer(new SerializerConfigImpl());
    DataOutputSerializer bytes = new DataOutputSerializer(64);
    serializer.serialize(figures, bytes);
    return serializer.deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));
  }
}
