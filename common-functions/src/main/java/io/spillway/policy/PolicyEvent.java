package io.spillway.policy;

import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/** What the coordinator tells a subtask. */
public sealed interface PolicyEvent extends OperatorEvent {
  /** Nobody needs it where nobody runs any more. */
  @Override
  default boolean isLossTolerant() {
    return true;
  }

  /** From now on this policy is in force. */
  record Changed(Policy policy) implements PolicyEvent {}

  /** A record was refused and belongs on the dead letters. */
  record Refused(byte[] serialized) implements PolicyEvent {
    /** The event for a letter. */
    public static Refused of(DeadLetter letter) {
      DataOutputSerializer bytes = new DataOutputSerializer(256);
      try {
        DeadLetterSerializer.INSTANCE.serialize(letter, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Refused(bytes.getCopyOfBuffer());
    }

    public DeadLetter letter() {
      try {
        return DeadLetterSerializer.INSTANCE.deserialize(new DataInputDeserializer(serialized));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
