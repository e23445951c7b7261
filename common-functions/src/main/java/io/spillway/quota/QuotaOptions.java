package io.spillway.quota;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Who may send how much. Immutable; the constructor refuses what cannot work.
 *
 * @param by who has a quota
 * @param tenantHeader header with the name of the tenant, for {@link QuotaBy#TENANT}
 * @param rate events per second for everybody who is not named in {@code rates}; 0 for any number
 * @param burst how long somebody who sends nothing saves up for
 * @param rates events per second by name; 0 for none at all
 * @param maxNames how many names a subtask tells apart
 * @param exact whether events of a name are counted together, whatever subtask reads them
 */
public record QuotaOptions(
    QuotaBy by,
    String tenantHeader,
    double rate,
    Duration burst,
    Map<String, Double> rates,
    int maxNames,
    boolean exact)
    implements Serializable {
  private static final double HIGHEST_RATE = 1e9;
  private static final Duration LONGEST_BURST = Duration.ofHours(24);
  private static final int MOST_NAMES = 1_000_000;

  private static final ConfigOption<QuotaBy> BY =
      ConfigOptions.key("admission.quota.by")
          .enumType(QuotaBy.class)
          .defaultValue(QuotaBy.OFF)
          .withDescription(
              "Who may send only so much: source (each ce_source), tenant (each value of a header),"
                  + " key (each record key). Each subtask counts what it reads; exact where all"
                  + " events of a name are in one partition. What is over it is throttled;"
                  + " priorities that are never turned away are not counted. off: nobody.");
  private static final ConfigOption<String> TENANT_HEADER =
      ConfigOptions.key("admission.quota.tenant-header")
          .stringType()
          .defaultValue("ce_tenant")
          .withDescription("Header with the name of the tenant, for admission.quota.by = tenant.");
  private static final ConfigOption<Double> RATE =
      ConfigOptions.key("admission.quota.rate")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Events per second for each source, tenant or key that admission.quota.rates does not"
                  + " name. 0: any number.");
  private static final ConfigOption<Duration> BURST =
      ConfigOptions.key("admission.quota.burst")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription(
              "What a quota gives in this time may come at once after a pause; at least one event.");
  private static final ConfigOption<String> RATES =
      ConfigOptions.key("admission.quota.rates")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Events per second by name, as NAME=RATE; NAME=RATE; a name ends at the last =."
                  + " 0: none at all.");
  private static final ConfigOption<Integer> MAX_NAMES =
      ConfigOptions.key("admission.quota.max-names")
          .intType()
          .defaultValue(10_000)
          .withDescription(
              "Sources, tenants or keys that a subtask tells apart at a time, those in"
                  + " admission.quota.rates not counted; who comes on top shares one quota with"
                  + " the others that do.");
  private static final ConfigOption<Boolean> EXACT =
      ConfigOptions.key("admission.quota.exact")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "true: the events of a name count together, on whatever partitions they come, in keyed"
                  + " state behind admission. Costs a shuffle and a look at state for each event;"
                  + " what is over the quota is a dead letter (over_quota), not in the ledger."
                  + " false: each subtask of admission counts for itself.");

  /** What a policy may change while the job runs. */
  public static final List<ConfigOption<?>> POLICY_OPTIONS = List.of(RATE, BURST, RATES);

  /** Every option of quotas. */
  public static final List<ConfigOption<?>> OPTIONS =
      List.of(BY, TENANT_HEADER, RATE, BURST, RATES, MAX_NAMES, EXACT);

  public QuotaOptions {
    rates = Collections.unmodifiableMap(new LinkedHashMap<>(rates));
    requireRate(RATE.key(), rate);
    rates.values().forEach(one -> requireRate(RATES.key(), one));
    if (burst.isNegative() || burst.compareTo(LONGEST_BURST) > 0) {
      throw new InvalidSettings(
          BURST.key(), burst.toSeconds() + "s", "write a duration from 0s to 24h");
    }
    if (tenantHeader.isBlank()) {
      throw new InvalidSettings(
          TENANT_HEADER.key(), tenantHeader, "write the name of a header, for example ce_tenant");
    }
    if (exact && by == QuotaBy.OFF) {
      throw new InvalidSettings(
          EXACT.key(), true, "nobody has a quota; say who with " + BY.key() + ", or write false");
    }
    if (maxNames < 1 || maxNames > MOST_NAMES) {
      throw new InvalidSettings(
          MAX_NAMES.key(), maxNames, "write a number from 1 to " + MOST_NAMES);
    }
  }

  /**
   * Reads the options from a job's settings.
   *
   * @throws InvalidSettings naming the key, the value and the fix
   */
  public static QuotaOptions from(Settings settings) {
    return new QuotaOptions(
        settings.get(BY),
        settings.get(TENANT_HEADER),
        settings.get(RATE),
        settings.get(BURST),
        parse(settings.get(RATES)),
        settings.get(MAX_NAMES),
        settings.get(EXACT));
  }

  /** These options with those of {@link #POLICY_OPTIONS} that are set in {@code changes}. */
  public QuotaOptions with(Settings changes) {
    return new QuotaOptions(
        by,
        tenantHeader,
        changes.find(RATE).orElse(rate),
        changes.find(BURST).orElse(burst),
        changes.find(RATES).map(QuotaOptions::parse).orElse(rates),
        maxNames,
        exact);
  }

  /** Whether admission counts: somebody has a quota there, or may get one from a policy. */
  public boolean local() {
    return by != QuotaBy.OFF && !exact;
  }

  private static Map<String, Double> parse(String text) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String rule : text.split(";", -1)) {
      if (rule.isBlank()) {
        continue;
      }
      int equals = rule.lastIndexOf('=');
      String name = equals < 0 ? "" : rule.substring(0, equals).strip();
      if (name.isEmpty()) {
        throw new InvalidSettings(RATES.key(), rule.strip(), "write NAME=RATE");
      }
      if (rates.put(name, number(rule, equals)) != null) {
        throw new InvalidSettings(RATES.key(), name, "named twice; leave one of them out");
      }
    }
    return rates;
  }

  private static double number(String rule, int equals) {
    try {
      return Double.parseDouble(rule.substring(equals + 1).strip());
    } catch (NumberFormatException e) {
      throw new InvalidSettings(
          RATES.key(), rule.strip(), "write events per second behind the =, for example 100");
    }
  }

  private static void requireRate(String key, double rate) {
    if (!(rate >= 0 && rate <= HIGHEST_RATE)) {
      throw new InvalidSettings(key, rate, "write events per second from 0 to 1000000000");
    }
  }
}
