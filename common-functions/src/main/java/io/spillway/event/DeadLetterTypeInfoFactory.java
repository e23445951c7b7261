package io.spillway.event;

import io.spillway.config.SerializerTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Makes Flink use {@link DeadLetterSerializer} wherever a {@link DeadLetter} travels. */
public final class DeadLetterTypeInfoFactory extends TypeInfoFactory<DeadLetter> {
  @Override
  public TypeInformation<DeadLetter> createTypeInfo(
      Type type, Map<String, TypeInformation<?>> genericParameters) {
    return new SerializerTypeInfo<>(DeadLetter.class, DeadLetterSerializer.INSTANCE);
  }
}
