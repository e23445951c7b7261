package io.spillway.event;

import io.spillway.config.SerializerTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Makes Flink use {@link RawEventSerializer} wherever a {@link RawEvent} travels. */
public final class RawEventTypeInfoFactory extends TypeInfoFactory<RawEvent> {
  @Override
  public TypeInformation<RawEvent> createTypeInfo(
      Type type, Map<String, TypeInformation<?>> genericParameters) {
    return new SerializerTypeInfo<>(RawEvent.class, RawEventSerializer.INSTANCE);
  }
}
