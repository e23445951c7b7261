package io.spillway.admission;

import io.spillway.config.SerializerTypeInfo;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Makes Flink use {@link RejectedEventsSerializer} wherever {@link RejectedEvents} travel. */
public final class RejectedEventsTypeInfoFactory extends TypeInfoFactory<RejectedEvents> {
  @Override
  public TypeInformation<RejectedEvents> createTypeInfo(
      Type type, Map<String, TypeInformation<?>> genericParameters) {
    return new SerializerTypeInfo<>(RejectedEvents.class, RejectedEventsSerializer.INSTANCE);
  }
}
