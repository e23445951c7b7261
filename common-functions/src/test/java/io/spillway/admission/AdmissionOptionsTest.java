package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionOptionsTest {

  @Test
  void defaultsProtectCriticalOnItsOwnLane() {
    AdmissionOptions options = AdmissionOptions.defaults();
    assertThat(options.enabled()).isTrue();
    assertThat(options.lanes()).isEqualTo(LaneMode.MERGED);
    assertThat(options.express()).containsExactly(Priority.CRITICAL);
    assertThat(options.neverShed()).containsExactly(Priority.CRITICAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admission.floor.bulk=1.5 | admission.floor.bulk = '1.5': write a share between 0 and 1",
        "admission.floor.bulk=-1 | admission.floor.bulk = '-1.0': write a share between 0 and 1",
        "admission.ceiling.high=NaN | admission.ceiling.high = 'NaN': write a share between 0 and 1",
        "admission.floor.bulk=0.6,admission.floor.high=0.6"
            + " | admission.floor.* = '1.2': the floors add up to more than 1; lower one of them",
        "admission.fill-setpoint=0.6 | admission.fill-setpoint = '0.6':"
            + " write a number above 0 and below every ceiling (0.5)",
        "admission.tick=1ms | admission.tick = '1ms': write a duration from 5 ms to 1000 ms",
        "admission.tick=5x | admission.tick = '5x':"
            + " not a duration; write a number with its unit, such as 20ms, 5s or 1min",
        "lanes=two | lanes = 'two': write one of [merged, isolated, single]",
        "lanes.express=urgent | lanes.express = 'urgent': write some of critical, high, normal, bulk",
        "lanes.express=high | lanes.express = 'high': critical must be among them",
        "admission.overload.bulk=drop | admission.overload.bulk = 'drop':"
            + " write one of [shed, defer, block]",
        "admission.overload.high=block | admission.overload.high = 'block':"
            + " it would block the bulk lane; add it to lanes.express",
        "lanes.express=critical;high,admission.never-shed=critical;high,admission.overload.high=defer"
            + " | admission.overload.high = 'defer':"
            + " high is in admission.never-shed; take it out there, or write block here",
        "admission.max-age.bulk=4000d | admission.max-age.bulk = '345600000000ms':"
            + " write a duration from 0 ms to 315360000000 ms",
        "admission.max-age.bulk=soon | admission.max-age.bulk = 'soon':"
            + " not a duration; write a number with its unit, such as 20ms, 5s or 1min",
        "admission.overload.critical=defer | unknown setting 'admission.overload.critical':"
            + " did you mean 'admission.overload.normal'?",
        "admission.control-class=io.example.Nobody | admission.control-class = 'io.example.Nobody':"
            + " there is no such class; put its jar on the job's class path",
        "admission.control-class=java.lang.String | admission.control-class = 'java.lang.String':"
            + " it is no io.spillway.admission.AdmissionControl; name one",
        "admission.control-class=io.spillway.admission.AdmissionControl"
            + " | admission.control-class = 'io.spillway.admission.AdmissionControl':"
            + " give it a public constructor that takes AdmissionOptions",
        "admission.control-argument=7 | admission.control-argument = '7':"
            + " the default of admission.control-class asks for none; leave it empty",
        "admission.enable=false | unknown setting 'admission.enable':"
            + " did you mean 'admission.enabled'?",
      })
  void refusesWhatCannotWorkNamingKeyValueAndFix(String settings, String message) {
    assertThatThrownBy(() -> options(settings.split(",")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(message);
  }

  @Test
  void aPriorityThatIsNeverShedMustNotBlockTheBulkLane() {
    Map<String, String> texts = Map.of("admission.never-shed", "critical,high");
    assertThatThrownBy(() -> AdmissionOptions.from(Settings.of(texts, AdmissionOptions.OPTIONS)))
        .hasMessage(
            "admission.never-shed = 'critical,high': a priority that is never shed would block the"
                + " bulk lane; add it to lanes.express");
  }

  @Test
  void aPriorityThatBlocksIsNeverShed() {
    assertThat(options("admission.overload.bulk=block", "lanes=single").neverTurnedAway())
        .containsExactlyInAnyOrder(Priority.CRITICAL, Priority.BULK);
    assertThat(
            options("admission.overload.high=block", "lanes.express=critical;high")
                .neverTurnedAway())
        .containsExactlyInAnyOrder(Priority.CRITICAL, Priority.HIGH);
  }

  @Test
  void aPolicyIsLaidOverThemAndTheRestStays() {
    AdmissionOptions own =
        options("lanes.express=critical;high", "admission.overload.high=block", "admission.seed=5");
    AdmissionOptions with =
        own.with(Map.of("admission.overload.high", "defer", "admission.floor.bulk", "0.2"));
    assertThat(with.neverTurnedAway()).containsExactly(Priority.CRITICAL);
    assertThat(with.overload()).containsEntry(Priority.HIGH, Overload.DEFER);
    assertThat(with.floors()).containsEntry(Priority.BULK, 0.2);
    assertThat(with.seed()).isEqualTo(5);
    assertThat(own.with(Map.of())).isEqualTo(own);
  }

  @Test
  void aPolicyCannotLiftWhatIsNeverShed() {
    AdmissionOptions own =
        options("lanes.express=critical;high", "admission.never-shed=critical;high");
    assertThat(own.with(Map.of("admission.overload.high", "shed")).neverTurnedAway())
        .contains(Priority.HIGH);
  }

  private static AdmissionOptions options(String... pairs) {
    Map<String, String> texts = new java.util.LinkedHashMap<>();
    for (String pair : pairs) {
      texts.put(pair.split("=")[0], pair.split("=")[1].replace(';', ','));
    }
    return AdmissionOptions.from(Settings.of(texts, AdmissionOptions.OPTIONS));
  }
}
