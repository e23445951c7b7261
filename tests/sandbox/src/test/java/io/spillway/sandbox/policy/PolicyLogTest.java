package io.spillway.sandbox.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.AdmissionOptions;
import io.spillway.policy.Policy;
import io.spillway.sandbox.cluster.SandboxException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyLogTest {
  private static final Map<String, String> DEFER = Map.of("admission.overload.bulk", "defer");

  private final PolicyLog log = new PolicyLog("iot", AdmissionOptions.defaults());

  @Test
  void showsEachRecordOfTheJobAndWhatBecameOfIt() {
    add(0, "iot", new Policy(3, DEFER).toJson());
    add(1, "transactions", new Policy(9, DEFER).toJson());
    add(2, "iot", utf8("now!"));
    add(3, "iot", null);
    assertThat(log.lines()).hasSize(3);
    assertThat(log.lines().get(0))
        .contains("0  2023-11-14T22:13:20Z  version 3: {admission.overload.bulk=defer}");
    assertThat(log.lines().get(1)).contains("refused: not JSON");
    assertThat(log.lines().get(2)).contains("no value: the job's own options");
    assertThat(log.policy()).isEqualTo(Policy.OWN);
  }

  @Test
  void theNextVersionIsAboveEveryOtherAlsoAboveThoseThatWereRefusedOrCleared() {
    assertThat(log.next(0, DEFER)).isEqualTo(new Policy(1, DEFER));
    add(0, "iot", new Policy(3, DEFER).toJson());
    add(1, "iot", new Policy(8, Map.of("admission.floor.bulk", "7")).toJson());
    add(2, "iot", null);
    assertThat(log.next(0, Map.of()).version()).isEqualTo(9);
  }

  @Test
  void aPolicyThatTheJobWouldRefuseIsWrongUse() {
    add(0, "iot", new Policy(3, DEFER).toJson());
    assertThatThrownBy(() -> log.next(3, Map.of()))
        .isInstanceOf(SandboxException.class)
        .hasMessage("version 3 is in force with other settings; write a higher version");
    assertThatThrownBy(() -> log.next(0, Map.of("admission.seed", "1")))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("unknown setting 'admission.seed'");
    assertThat(log.policy().version()).isEqualTo(3);
  }

  private void add(long offset, String key, byte[] value) {
    log.add(offset, 1_700_000_000_000L, utf8(key), value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
