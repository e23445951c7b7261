package io.spillway.enrichment;

import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A value with what another system says about it.
 *
 * @param answer null where {@code answered} says there is none
 * @param ageMillis how long ago the service gave this answer; 0 for a fresh one and for none
 */
public record Enriched<T, A>(T value, A answer, Answered answered, long ageMillis) {
  public Enriched {
    Objects.requireNonNull(answered);
  }

  /** With an answer of now, or none. */
  public Enriched(T value, A answer, Answered answered) {
    this(value, answer, answered, 0);
  }

  /** Whether this is less than was asked for: an old answer or none. */
  public boolean degraded() {
    return answered.degraded();
  }

  /** Why it is degraded, as records write it; empty where it is not. */
  public String reason() {
    return degraded() ? answered.wireName() : "";
  }

  /** Type information from that of the parts; nothing falls back to Kryo. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static <T, A> TypeInformation<Enriched<T, A>> type(
      TypeInformation<T> value, TypeInformation<A> answer) {
    return (TypeInformation)
        Types.POJO(
            Enriched.class,
            Map.of(
                "value",
                value,
                "answer",
                answer,
                "answered",
                Types.ENUM(Answered.class),
                "ageMillis",
                Types.LONG));
  }
}
