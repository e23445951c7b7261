package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CloudEventHeadersTest {
  @Test
  void everyWellKnownNameHasTheCodeOfItsPlace() {
    for (int code = 0; code < CloudEventHeaders.COUNT; code++) {
      String name = CloudEventHeaders.name(code);
      assertThat(CloudEventHeaders.code(new String(name.toCharArray()))).isEqualTo(code);
    }
  }

  /** The codes are in savepoints: a failure here means that old ones can no longer be read. */
  @Test
  void codesStayWhatTheyWere() {
    assertThat(CloudEventHeaders.COUNT).isEqualTo(14);
    assertThat(CloudEventHeaders.code("content-type")).isZero();
    assertThat(CloudEventHeaders.code("ce_id")).isEqualTo(CloudEventHeaders.ID_CODE).isEqualTo(1);
    assertThat(CloudEventHeaders.code("ce_source"))
        .isEqualTo(CloudEventHeaders.SOURCE_CODE)
        .isEqualTo(2);
    assertThat(CloudEventHeaders.code("ce_type"))
        .isEqualTo(CloudEventHeaders.TYPE_CODE)
        .isEqualTo(3);
    assertThat(CloudEventHeaders.code("ce_time"))
        .isEqualTo(CloudEventHeaders.TIME_CODE)
        .isEqualTo(4);
    assertThat(CloudEventHeaders.code("ce_specversion")).isEqualTo(5);
    assertThat(CloudEventHeaders.code("ce_subject")).isEqualTo(6);
    assertThat(CloudEventHeaders.code("ce_priority"))
        .isEqualTo(CloudEventHeaders.PRIORITY_CODE)
        .isEqualTo(7);
    assertThat(CloudEventHeaders.code("ce_severitynumber"))
        .isEqualTo(CloudEventHeaders.SEVERITY_NUMBER_CODE)
        .isEqualTo(8);
    assertThat(CloudEventHeaders.code("ce_expirytime"))
        .isEqualTo(CloudEventHeaders.EXPIRY_TIME_CODE)
        .isEqualTo(9);
    assertThat(CloudEventHeaders.code("ce_sampledrate"))
        .isEqualTo(CloudEventHeaders.SAMPLED_RATE_CODE)
        .isEqualTo(10);
    assertThat(CloudEventHeaders.code("ce_sequence"))
        .isEqualTo(CloudEventHeaders.SEQUENCE_CODE)
        .isEqualTo(11);
    assertThat(CloudEventHeaders.code("ce_partitionkey")).isEqualTo(12);
    assertThat(CloudEventHeaders.code("ce_intendedsendtime"))
        .isEqualTo(CloudEventHeaders.INTENDED_SEND_TIME_CODE)
        .isEqualTo(13);
  }

  @Property
  void anyOtherNameHasNone(@ForAll String name) {
    assertThat(CloudEventHeaders.code("x-" + name)).isEqualTo(CloudEventHeaders.OTHER);
  }
}
