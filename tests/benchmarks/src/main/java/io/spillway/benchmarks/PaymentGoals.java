package io.spillway.benchmarks;

import io.spillway.benchmarks.payments.DeliveryTax;
import io.spillway.benchmarks.payments.PaymentRuns;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** M2@payments and what exactly once costs: the transaction job on the local cluster. */
final class PaymentGoals implements Measurement {
  private final boolean inTime;
  private final boolean tax;
  private final PaymentRuns runs;
  private final DeliveryTax delivery;
  private final Supplier<LocalCluster> cluster;

  PaymentGoals(Set<String> ids, boolean quick, Supplier<LocalCluster> cluster) {
    this.inTime = ids.contains("M2");
    this.tax = ids.contains("DELIVERY");
    this.runs = new PaymentRuns(quick);
    this.delivery = new DeliveryTax(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return (inTime ? runs.seconds() : 0) + (tax ? delivery.seconds() : 0);
  }

  @Override
  public Findings measure(Progress progress) {
    Findings findings = new Findings();
    if (inTime) {
      findings.results().add(inTime(runs.run(cluster.get(), progress)));
      findings.add(runs.onTime());
    }
    if (tax) {
      findings.results().add(tax(delivery.run(cluster.get(), progress)));
    }
    return findings;
  }

  /** None in time on plain Flink counts as one a second, so that there is a ratio. */
  private static GoalResult inTime(PaymentRuns.Outcome outcome) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < outcome.plain().size(); i++) {
      ratios.add(outcome.spillway().get(i) / Math.max(outcome.plain().get(i), 1));
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("plain Flink (1/s)", Spread.of(outcome.plain()).median());
    baselines.put("Spillway (1/s)", Spread.of(outcome.spillway()).median());
    baselines.put("payments lost on Spillway", Spread.of(outcome.lost()).max());
    return new GoalResult(Goal.M2_PAYMENTS, Spread.of(ratios), baselines);
  }

  private static GoalResult tax(DeliveryTax.Outcome outcome) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < outcome.atLeastOnce().size(); i++) {
      ratios.add(outcome.exactlyOnce().get(i) / outcome.atLeastOnce().get(i));
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("at least once (1/s)", Spread.of(outcome.atLeastOnce()).median());
    baselines.put("exactly once (1/s)", Spread.of(outcome.exactlyOnce()).median());
    return new GoalResult(Goal.DELIVERY_TAX, Spread.of(ratios), baselines);
  }
}
