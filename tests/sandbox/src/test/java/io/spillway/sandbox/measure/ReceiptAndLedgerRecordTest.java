package io.spillway.sandbox.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class ReceiptAndLedgerRecordTest {
  @Test
  void aReceiptIsReadFromItsWireForm() throws IOException {
    String json =
        """
        {"topic":"iot.events","partition":3,"offset":12,"source":"sensor-7","sequence":34,\
        "priority":"critical","sent":1732431234567,"weight":1.0}""";
    assertThat(Receipt.parse(json.getBytes(UTF_8)))
        .isEqualTo(
            new Receipt("iot.events", 3, 12, "sensor-7", 34, Priority.CRITICAL, 1732431234567L));
  }

  @Test
  void aReceiptWithoutItsPlaceIsRefused() {
    assertThatThrownBy(() -> Receipt.parse("{\"topic\":\"a\",\"partition\":0}".getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("offset");
  }

  @Test
  void aLedgerRecordListsOffsetsByOutcome() throws IOException {
    RoaringBitmap shed = RoaringBitmap.bitmapOf(0, 5, 1999);
    ByteBuffer bytes = ByteBuffer.allocate(shed.serializedSizeInBytes());
    shed.serialize(bytes);
    String json =
        """
        {"topic":"iot.events","partition":1,"from":100,"to":2099,"lane":"all",\
        "seen":{"critical":5,"high":15,"normal":40,"bulk":1940},\
        "rejected":{"shed":{"counts":{"critical":0,"high":0,"normal":0,"bulk":3},"offsets":"%s"}}}"""
            .formatted(Base64.getEncoder().encodeToString(bytes.array()));
    LedgerRecord record = LedgerRecord.parse(json.getBytes(UTF_8));
    assertThat(record.from()).isEqualTo(100);
    assertThat(record.partition()).isEqualTo(1);
    assertThat(record.rejected()).containsOnlyKeys(Outcome.SHED);
    assertThat(record.rejected().get(Outcome.SHED)).isEqualTo(shed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"claim\":\"run-1\",\"job\":\"iot\",\"at\":1732431234567}",
        "{\"topic\":\"a\",\"partition\":0,\"from\":0,\"to\":9,\"lane\":\"replay\","
            + "\"replay\":\"run-1\",\"offsets\":\"OjAAAAAAAAA=\"}",
        "{\"topic\":\"a\",\"partition\":0,\"from\":0,\"to\":9,\"lane\":\"replay\","
            + "\"gone\":\"run-1\",\"offsets\":\"OjAAAAAAAAA=\"}",
      })
  void whatIsSaidAboutAReplayTurnsNothingAway(String json) throws IOException {
    assertThat(LedgerRecord.parse(json.getBytes(UTF_8)).rejected()).isEmpty();
  }

  @Test
  void anUnknownOutcomeIsRefusedByName() {
    String json =
        "{\"topic\":\"a\",\"partition\":0,\"from\":0,\"to\":0,\"rejected\":"
            + "{\"mislaid\":{\"offsets\":\"OjAAAAAAAAA=\"}}}";
    assertThatThrownBy(() -> LedgerRecord.parse(json.getBytes(UTF_8)))
        .hasMessageContaining("mislaid");
  }
}
