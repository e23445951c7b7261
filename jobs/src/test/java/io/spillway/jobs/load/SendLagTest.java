package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SendLagTest {
  @Test
  void saysHowManyEventsWereHowLate() {
    SendLag lag = new SendLag();
    for (int i = 0; i < 1_000; i++) {
      lag.sent(10_000 + i, 10_000 + i + (i < 985 ? 1 : 500));
    }
    assertThat(lag.json())
        .isEqualTo("{\"sent\":1000,\"max_lag_ms\":500,\"p99_lag_ms\":500,\"seconds\":1.499}");
  }

  @Test
  void subtasksAddUpToOneResult() {
    SendLag one = new SendLag();
    one.sent(1_000, 1_003);
    SendLag other = new SendLag();
    other.sent(500, 520);
    other.sent(9_000, 9_000);

    one.merge(other.clone());

    assertThat(one.count()).isEqualTo(3);
    assertThat(one.maxMillis()).isEqualTo(20);
    assertThat(one.seconds()).isEqualTo(8.5, within(1e-9));
    assertThat(other.count()).isEqualTo(2);
  }

  @Test
  void nothingSentIsNoLag() {
    assertThat(new SendLag().json())
        .isEqualTo("{\"sent\":0,\"max_lag_ms\":0,\"p99_lag_ms\":0,\"seconds\":0.000}");
  }

  @Test
  void anEventBeforeItsTimeAndOneADayLateDoNoHarm() {
    SendLag lag = new SendLag();
    lag.sent(2_000, 1_000);
    lag.sent(0, 86_400_000);
    assertThat(lag.maxMillis()).isEqualTo(86_400_000);
    assertThat(lag.count()).isEqualTo(2);
  }
}
