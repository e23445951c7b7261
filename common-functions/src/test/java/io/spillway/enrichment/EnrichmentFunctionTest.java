package io.spillway.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.metrics.SpillwayMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The operator in a harness, its service a fake. Each wait ends with a condition. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnrichmentFunctionTest {
  private static final TypeInformation<Enriched<String, String>> TYPE =
      Enriched.type(Types.STRING, Types.STRING);

  /**
   * Asks about all but {@code nobody}, cannot make a question of {@code unspeakable} nor find an
   * old answer to {@code unforgettable}, nor make anything of the answer to {@code odd}.
   */
  private static final class Asking
      implements Enriching<String, String, String, Enriched<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public String question(String value) {
      if (value.equals("unspeakable")) {
        throw new IllegalArgumentException(value);
      }
      return value.equals("nobody") ? null : value;
    }

    @Override
    public Object staleKey(String question) {
      if (question.equals("unforgettable")) {
        throw new IllegalArgumentException(question);
      }
      return question;
    }

    @Override
    public Enriched<String, String> result(Enriched<String, String> enriched) {
      if ("answer to odd".equals(enriched.answer())) {
        throw new IllegalArgumentException(enriched.answer());
      }
      if (enriched.value().equals("hopeless")) {
        throw new IllegalArgumentException("hopeless without an answer");
      }
      return enriched;
    }
  }

  private final FakeLookup service = new FakeLookup();

  @Test
  void eachValueGoesOnWithItsAnswer() throws Exception {
    try (Run run = new Run(null)) {
      run.send("a", "nobody", "odd");
      run.await(3);
      assertThat(run.out())
          .containsExactlyInAnyOrder(
              new Enriched<>("a", "answer to a", Answered.FRESH),
              new Enriched<>("nobody", null, Answered.NOT_ASKED),
              new Enriched<>("odd", null, Answered.BAD_ANSWER));
      assertThat(service.asked()).containsExactly("a", "odd");
    }
    assertThat(service.closed()).isTrue();
  }

  @Test
  void whileTheServiceHangsValuesGoOnWithoutAnswersOrWithOldOnes() throws Exception {
    try (Run run = new Run(null)) {
      run.send("known");
      run.await(1);
      service.behaves(FakeLookup.HANGS);
      run.send("known");
      run.await(2);
      run.send("unknown");
      run.await(3);
      Enriched<String, String> old = run.out().get(1);
      assertThat(old.ageMillis()).isPositive();
      assertThat(old)
          .isEqualTo(new Enriched<>("known", "answer to known", Answered.STALE, old.ageMillis()));
      assertThat(run.out().get(2)).isEqualTo(new Enriched<>("unknown", null, Answered.TIMEOUT));
      assertThat(run.fallbacks()).isEqualTo(Map.of("stale", 1L, "timeout", 1L));
    }
  }

  @Test
  void anExceptionOnTheWayToTheQuestionIsAReasonAndNoFailureOfTheJob() throws Exception {
    try (Run run = new Run(null)) {
      run.send("unspeakable", "unforgettable", "a");
      run.await(3);
      assertThat(run.out())
          .containsExactlyInAnyOrder(
              new Enriched<>("unspeakable", null, Answered.BAD_QUESTION),
              new Enriched<>("unforgettable", null, Answered.BAD_QUESTION),
              new Enriched<>("a", "answer to a", Answered.FRESH));
      assertThat(service.asked()).containsExactly("a");
      assertThat(run.fallbacks()).isEqualTo(Map.of("bad_question", 2L));
    }
  }

  @Test
  void aLookupThatCompletesWithNullIsABadAnswer() throws Exception {
    service.behaves(question -> CompletableFuture.completedFuture(null));
    try (Run run = new Run(null)) {
      run.send("a");
      run.await(1);
      assertThat(run.out()).containsExactly(new Enriched<>("a", null, Answered.BAD_ANSWER));
      assertThat(run.fallbacks()).isEqualTo(Map.of("bad_answer", 1L));
    }
  }

  @Test
  void anOldAnswerThatCannotBeUsedIsCountedOnceAsABadOne() throws Exception {
    try (Run run = new Run(null)) {
      run.send("odd");
      run.await(1);
      service.behaves(FakeLookup.fails(LookupFailure.Kind.REFUSED));
      run.send("odd");
      run.await(2);
      assertThat(run.out()).containsOnly(new Enriched<>("odd", null, Answered.BAD_ANSWER));
      assertThat(run.fallbacks()).isEqualTo(Map.of("bad_answer", 2L));
    }
  }

  @Test
  void onlyAResultThatFailsWithoutAnAnswerTooFailsTheJob() throws Exception {
    try (Run run = new Run(null)) {
      run.environment.setExpectedExternalFailureCause(Exception.class);
      run.send("hopeless");
      run.await(() -> run.environment.getActualExternalFailureCause().isPresent());
      assertThat(run.environment.getActualExternalFailureCause().orElseThrow())
          .hasStackTraceContaining("hopeless without an answer");
    }
  }

  @Test
  void anOpenBreakerLetsMoreValuesThroughThanMayWait() throws Exception {
    service.behaves(FakeLookup.fails(LookupFailure.Kind.UNAVAILABLE));
    try (Run run = new Run(null)) {
      int sent = 0;
      while (run.out().stream().noneMatch(one -> one.answered() == Answered.BREAKER_OPEN)) {
        run.send("a");
        run.await(++sent);
      }
      int asked = service.asked().size();
      for (int i = 0; i < 100; i++) {
        run.send("b" + i);
        run.await(++sent);
      }
      assertThat(service.asked()).hasSize(asked);
      assertThat(run.out().subList(sent - 100, sent))
          .allSatisfy(
              one -> {
                assertThat(one.degraded()).isTrue();
                assertThat(one.reason()).isEqualTo("breaker_open");
              });
    }
  }

  @Test
  void whatWasNotAnsweredAtTheCheckpointIsAskedAgainAfterARestore() throws Exception {
    service.behaves(FakeLookup.HANGS);
    OperatorSubtaskState checkpoint;
    try (Run before = new Run(null, "10min")) {
      before.send("a", "b");
      checkpoint = before.harness.snapshot(1, 1);
      assertThat(before.out()).isEmpty();
    }
    service.behaves(FakeLookup.ANSWERS);
    try (Run after = new Run(checkpoint, "10min")) {
      after.await(2);
      assertThat(after.out())
          .containsExactlyInAnyOrder(
              new Enriched<>("a", "answer to a", Answered.FRESH),
              new Enriched<>("b", "answer to b", Answered.FRESH));
      assertThat(service.asked()).containsExactlyInAnyOrder("a", "b", "a", "b");
    }
  }

  @Test
  void flinksOwnTimeoutIsAnAnswerTooAndNoFailure() throws Exception {
    service.behaves(FakeLookup.HANGS);
    try (Run run = new Run(null, "10min")) {
      run.send("a");
      run.harness.setProcessingTime(Run.OUTER_TIMEOUT_MILLIS);
      run.await(1);
      assertThat(run.out()).containsExactly(new Enriched<>("a", null, Answered.TIMEOUT));
      service.given().forEach(late -> late.complete("late"));
      assertThat(run.out()).hasSize(1);
      assertThat(run.fallbacks()).isEqualTo(Map.of("timeout", 1L));
    }
  }

  @Test
  void whatFlinkHasGivenUpIsNotCountedAgainWhenItFailsAfterwards() throws Exception {
    service.behaves(FakeLookup.HANGS);
    try (Run run = new Run(null, "10min")) {
      run.send("a");
      run.harness.setProcessingTime(Run.OUTER_TIMEOUT_MILLIS);
      service
          .given()
          .forEach(
              late ->
                  late.completeExceptionally(
                      new LookupFailure(LookupFailure.Kind.REFUSED, "told to")));
      run.await(1);
      assertThat(run.fallbacks()).isEqualTo(Map.of("timeout", 1L));
    }
  }

  @Test
  void resultsTravelWithoutKryo() throws Exception {
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.setGenericTypes(false);
    TypeSerializer<Enriched<String, String>> serializer = TYPE.createSerializer(config);
    for (Answered answered : Answered.values()) {
      for (String answer : new String[] {"yes", null}) {
        Enriched<String, String> one = new Enriched<>("value", answer, answered, 17);
        DataOutputSerializer written = new DataOutputSerializer(64);
        serializer.serialize(one, written);
        assertThat(serializer.deserialize(new DataInputDeserializer(written.getCopyOfBuffer())))
            .isEqualTo(one);
      }
    }
  }

  @Test
  void eachLaneHasAnOperatorOfItsOwn() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    LookupFactory<String, String> nobody =
        () -> {
          throw new IllegalStateException("nobody opens it here");
        };
    Map<String, String> names = new HashMap<>();
    for (String lane : List.of("express", "bulk")) {
      DataStream<String> values = env.fromData("a");
      Enrichment.attach(values, lane, options("500ms"), nobody, new Asking(), TYPE).print();
    }
    for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
      if (node.getTransformationUID() != null) {
        names.put(node.getTransformationUID(), node.getOperatorName());
      }
    }
    assertThat(names)
        .isEqualTo(
            Map.of("enrich-express-v1", "enrich (express)", "enrich-bulk-v1", "enrich (bulk)"));
  }

  private static EnrichmentOptions options(String budget) {
    return EnrichmentOptions.from(
        Settings.of(
            Map.of(
                "enrichment.budget", budget,
                "enrichment.bulkhead", "3",
                "enrichment.breaker.window", "8",
                "enrichment.breaker.open-for", "1h"),
            EnrichmentOptions.OPTIONS));
  }

  private final class Run implements AutoCloseable {
    static final long OUTER_TIMEOUT_MILLIS = 1000;

    private final OneInputStreamOperatorTestHarness<String, Enriched<String, String>> harness;
    private final Map<String, Counter> fallbacks = new ConcurrentHashMap<>();
    private final MockEnvironment environment =
        new MockEnvironmentBuilder().setMetricGroup(metrics()).build();

    Run(OperatorSubtaskState state) throws Exception {
      this(state, "50ms");
    }

    Run(OperatorSubtaskState state, String budget) throws Exception {
      EnrichmentOptions options = options(budget);
      harness =
          new OneInputStreamOperatorTestHarness<>(
              new AsyncWaitOperatorFactory<>(
                  new EnrichmentFunction<>("express", options, () -> service, new Asking(), TYPE),
                  OUTER_TIMEOUT_MILLIS,
                  options.bulkhead(),
                  AsyncDataStream.OutputMode.UNORDERED),
              Types.STRING.createSerializer(new SerializerConfigImpl()),
              environment);
      harness.setup();
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
    }

    private TaskMetricGroup metrics() {
      MetricRegistry registry =
          TestingMetricRegistry.builder()
              .setRegisterConsumer(
                  (metric, name, group) -> {
                    if (name.equals(SpillwayMetrics.FALLBACKS)) {
                      fallbacks.put(group.getAllVariables().get("<reason>"), (Counter) metric);
                    }
                  })
              .build();
      return TaskManagerMetricGroup.createTaskManagerMetricGroup(
              registry, "localhost", ResourceID.generate())
          .addJob(new JobID(), "job")
          .addTask(ExecutionGraphTestUtils.createExecutionAttemptId(), "task");
    }

    /** How many values went on with less than was asked for, by reason, without zeros. */
    Map<String, Long> fallbacks() {
      Map<String, Long> counts = new HashMap<>();
      fallbacks.forEach((reason, counter) -> counts.put(reason, counter.getCount()));
      counts.values().removeIf(count -> count == 0);
      return counts;
    }

    void send(String... values) throws Exception {
      for (String value : values) {
        harness.processElement(value, 0);
      }
    }

    /** Lets the task's thread do what the answers ask of it, until so many values are out. */
    void await(int values) throws Exception {
      await(() -> harness.getOutput().size() >= values);
    }

    void await(BooleanSupplier done) throws Exception {
      while (!done.getAsBoolean()) {
        Optional<Mail> answer = harness.getTaskMailbox().tryTake(0);
        if (answer.isPresent()) {
          answer.get().run();
        } else {
          Thread.onSpinWait();
        }
      }
    }

    List<Enriched<String, String>> out() {
      return new ArrayList<>(harness.extractOutputValues());
    }

    @Override
    public void close() {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
