package io.spillway.enrichment;

import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Puts an enrichment on a stream. Each lane has its own: questions, breaker and answers of one lane
 * are not those of another, so CRITICAL never waits behind BULK. Values may overtake each other
 * between two watermarks, for one that waits for its answer does not hold up the next.
 */
public final class Enrichment {
  /** Stage uid without lane and version. */
  public static final String UID = "enrich";

  public static final String NAME = "enrich";

  private static final String VERSION = "-v1";

  private Enrichment() {}

  /**
   * Attaches it with uid and name; a job with several sets others, as {@link
   * io.spillway.admission.LaneStreams#then} does.
   *
   * @param lane name of the lane
   */
  public static <T, Q, A, R> SingleOutputStreamOperator<R> attach(
      DataStream<T> values,
      String lane,
      EnrichmentOptions options,
      LookupFactory<Q, A> factory,
      Enriching<T, Q, A, R> enriching,
      TypeInformation<R> type) {
    return AsyncDataStream.unorderedWait(
            values,
            new EnrichmentFunction<>(lane, options, factory, enriching, type),
            2 * options.budget().toMillis() + 1000,
            TimeUnit.MILLISECONDS,
            options.bulkhead())
        .uid(UID + "-" + lane + VERSION)
        .name(NAME + " (" + lane + ")");
  }
}
