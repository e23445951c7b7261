package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.config.InvalidSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileTest {
  @Test
  void stepsFollowEachOther() {
    Schedule schedule = Profile.parse("500:10s, 5000:30s ,500:10s");

    assertThat(schedule.events()).isEqualTo(160_000);
    assertThat(schedule.duration()).isEqualTo(Duration.ofSeconds(50));
    assertThat(countBetween(schedule, 10, 40)).isEqualTo(150_000);
  }

  @Test
  void aSpikeIsThePeakBetweenTwoStretchesOfTheBase() {
    Schedule schedule = Profile.parse("spike(500,5000,10s,5s,30s)");

    assertThat(schedule.duration()).isEqualTo(Duration.ofSeconds(30));
    assertThat(countBetween(schedule, 0, 10)).isEqualTo(5_000);
    assertThat(countBetween(schedule, 10, 15)).isEqualTo(25_000);
    assertThat(countBetween(schedule, 15, 30)).isEqualTo(7_500);
  }

  @Test
  void aSineHasItsMeanOverEachPeriodAndItsPeakInTheFirstHalf() {
    Schedule schedule = Profile.parse("sine(1000,800,20s,60s)");

    assertThat(schedule.events()).isEqualTo(60_000);
    assertThat(countBetween(schedule, 20, 40)).isCloseTo(20_000, within(1L));
    double half = 1000 * 10 + 800 * 20 / Math.PI;
    assertThat((double) countBetween(schedule, 0, 10)).isCloseTo(half, within(half * 0.005));
    assertThat((double) countBetween(schedule, 4, 6)).isCloseTo(2 * 1780, within(30.0));
  }

  @Test
  void aFlashCrowdRisesStraightAndFallsExponentially() {
    Schedule schedule = Profile.parse("flash(100,10000,2s,5s,60s)");

    assertThat(schedule.duration()).isEqualTo(Duration.ofSeconds(60));
    assertThat(countBetween(schedule, 0, 2)).isEqualTo(10_100);
    double excess = 9_900 * 5 * (1 - Math.exp(-1));
    assertThat((double) countBetween(schedule, 2, 7))
        .isCloseTo(100 * 5 + excess, within(excess * 0.005));
    assertThat(countBetween(schedule, 55, 60)).isCloseTo(500, within(5L));
  }

  @Test
  void partsOfEveryKindCanBeMixed() {
    Schedule schedule = Profile.parse("0:1s,spike(10,20,1s,1s,3s),sine(10,0,1s,2s),7.5:2s");

    assertThat(schedule.duration()).isEqualTo(Duration.ofSeconds(8));
    assertThat(schedule.events()).isEqualTo(40 + 20 + 15);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "500                        | '500' is no part of a profile; write RATE:DURATION",
        "500:10s,                   | '' is no part of a profile",
        "500:10s;600:10s            | is no part of a profile",
        "spike(1,2,3s               | is no part of a profile",
        "burst(1,2,3s)              | there is no shape 'burst'; write RATE:DURATION such as 500:10s, spike(base,peak,at,for,total), sine(mean,amplitude,period,total), flash(base,peak,rise,decay,total)",
        "spike(1,2,3s)              | spike has 5 values, not 3; write spike(base,peak,at,for,total)",
        "-5:10s                     | '-5' is no rate; write events per second",
        "fast:10s                   | 'fast' is no rate",
        "NaN:10s                    | 'NaN' is no rate",
        "99999999:10s               | from 0 to 10000000",
        "500:ten                    | 'ten' is no duration; write a number with its unit, such as 500ms, 10s or 2min",
        "500:-10s                   | '-10s' is no duration",
        "0:10s                      | has no events",
        "500:0s                     | has no events",
        "spike(1,2,20s,20s,30s)     | the total 30s is shorter than at + for (40s); write a longer total",
        "sine(100,200,10s,20s)      | the amplitude 200 is above the mean 100",
        "sine(100,50,0s,20s)        | '0s' must be above 0",
        "sine(100,50,1ms,1h)        | more than 10000 periods; write a longer period",
        "flash(1,10,5s,2s,1s)       | the total 1s is shorter than rise (5s)"
      })
  void saysWhichPartIsWrongAndWhatToWrite(String profile, String words) {
    assertThatThrownBy(() -> Profile.parse(profile))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith("profile = '" + profile + "': ")
        .hasMessageContaining(words);
  }

  private static long countBetween(Schedule schedule, long fromSecond, long toSecond) {
    return schedule.dueBy(Duration.ofSeconds(toSecond).toNanos() - 1)
        - schedule.dueBy(Duration.ofSeconds(fromSecond).toNanos() - 1);
  }
}
