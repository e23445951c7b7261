package io.spillway.jobs.load;

import io.spillway.priority.Priority;

/**
 * For the IoT job: measurements of sensors, {@code
 * {"site":"s-3","sensor":"sensor-7","metric":"temperature","value":21.5,"unit":"C","filler":"..."}}
 * with the sensor as key. The value wanders 5 units around the sensor's usual one.
 */
final class Measurements implements Vocabulary {
  private static final int SPREAD_TENTHS = 50;

  private final Sensor[] sensors;
  private final long seed;
  private final Payload payload;

  Measurements(LoadOptions options) {
    this.sensors = new Sensor[options.sources() + 1];
    this.seed = Share.mix(options.seed() + 5);
    this.payload = new Payload(options.eventBytes(), seed);
  }

  @Override
  public Sender sender(int source) {
    return sensor(source).sender();
  }

  @Override
  public String type(Priority priority, long sequence) {
    return switch (priority) {
      case CRITICAL -> "iot.alarm";
      case HIGH -> "iot.fault";
      case NORMAL -> "iot.telemetry";
      case BULK -> "iot.debug";
    };
  }

  @Override
  public byte[] key(int source, long sequence) {
    return sensor(source).key();
  }

  @Override
  public byte[] payload(int source, long sequence, Priority priority, long event) {
    Sensor sensor = sensor(source);
    int tenths = tenths(sensor, event);
    return payload
        .begin()
        .put(sensor.payloadStart())
        .put(tenths / 10)
        .put('.')
        .put(tenths % 10)
        .put(sensor.payloadMiddle())
        .end();
  }

  private int tenths(Sensor sensor, long event) {
    int range = 2 * SPREAD_TENTHS + 1;
    return sensor.usualTenths()
        - SPREAD_TENTHS
        + (int) Long.remainderUnsigned(Share.mix(seed ^ event), range);
  }

  private Sensor sensor(int number) {
    Sensor known = sensors[number];
    return known != null ? known : (sensors[number] = Sensor.number(number));
  }
}
