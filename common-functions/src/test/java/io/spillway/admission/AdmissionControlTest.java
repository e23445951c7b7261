package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Another class than ours decides. */
class AdmissionControlTest {
  /** Keeps a share of everything, whatever its priority: the argument. */
  public static final class Share implements AdmissionControl {
    private final double share;

    public Share(AdmissionOptions options) {
      String argument = options.control().argument();
      if (argument.isEmpty()) {
        throw new InvalidSettings("admission.control-argument", "", "write a share");
      }
      share = Double.parseDouble(argument);
    }

    @Override
    public void follow(AdmissionOptions options) {}

    @Override
    public void tick(OverloadController.Tick tick) {}

    @Override
    public double keep(Priority priority) {
      return share;
    }

    @Override
    public double offered(Priority priority) {
      return 0;
    }

    @Override
    public double capacity() {
      return Double.NaN;
    }

    @Override
    public Set<Priority> neverTurnedAway(AdmissionOptions options) {
      return Set.of();
    }

    @Override
    public Map<Priority, Double> ceilings(AdmissionOptions options) {
      return Map.of(Priority.CRITICAL, 0.8);
    }
  }

  @Test
  void oursDecidesWhereNoneIsNamed() {
    AdmissionOptions options = AdmissionOptions.defaults();
    assertThat(options.control().create(options)).isInstanceOf(OverloadController.class);
  }

  @Test
  void theNamedClassDecidesAndReadsItsArgument() {
    AdmissionOptions options = options("0.25");
    AdmissionControl control = options.control().create(options);
    assertThat(control).isInstanceOf(Share.class);
    assertThat(control.keep(Priority.CRITICAL)).isEqualTo(0.25);
  }

  @Test
  void anArgumentIsRefusedAsTheClassSaysBeforeAnythingStarts() {
    assertThatThrownBy(() -> options(""))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("admission.control-argument = '': write a share");
  }

  @Test
  void saysWhoIsWaitedForAndWhenALaneIsFull() {
    AdmissionOptions options = options("1");
    RulesInForce ours = new RulesInForce(options, new OverloadController(options));
    RulesInForce theirs = new RulesInForce(options, options.control().create(options));
    assertThat(ours.waitsFor(Priority.CRITICAL)).isTrue();
    assertThat(ours.gate().admits(Priority.CRITICAL, 1.0, 0)).isTrue();
    assertThat(theirs.waitsFor(Priority.CRITICAL)).isFalse();
    assertThat(theirs.gate().admits(Priority.CRITICAL, 0.79, 0)).isTrue();
    assertThat(theirs.gate().admits(Priority.CRITICAL, 0.81, 0)).isFalse();
    assertThat(theirs.gate().admits(Priority.BULK, 1.0, 0)).isTrue();
  }

  private static AdmissionOptions options(String argument) {
    return AdmissionOptions.from(
        Settings.of(
            Map.of(
                "admission.control-class",
                Share.class.getName(),
                "admission.control-argument",
                argument),
            AdmissionOptions.OPTIONS));
  }
}
