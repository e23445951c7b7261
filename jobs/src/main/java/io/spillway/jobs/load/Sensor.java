package io.spillway.jobs.load;

/**
 * One source of events and the bytes that all its events share. Sensors are spread over 20 sites,
 * and each measures one of four things, so that every site has every metric.
 *
 * @param key the Kafka key, which is the source's name
 * @param sender its subject is site and metric
 * @param payloadStart the payload up to the measured value
 * @param payloadMiddle the payload from the measured value up to the filler
 * @param usualTenths the value around which this sensor's measurements lie, in tenths
 */
record Sensor(
    byte[] key, Sender sender, byte[] payloadStart, byte[] payloadMiddle, int usualTenths) {

  private static final int SITES = 20;
  private static final Metric[] METRICS = Metric.values();

  private enum Metric {
    TEMPERATURE("temperature", "C", 215),
    HUMIDITY("humidity", "%", 480),
    VIBRATION("vibration", "mm/s", 160),
    POWER("power", "kW", 700);

    private final String word;
    private final String unit;
    private final int usualTenths;

    Metric(String word, String unit, int usualTenths) {
      this.word = word;
      this.unit = unit;
      this.usualTenths = usualTenths;
    }
  }

  static String name(int number) {
    return "sensor-" + number;
  }

  /** The sensor with this number, from 1. */
  static Sensor number(int number) {
    Metric metric = METRICS[number / SITES % METRICS.length];
    byte[] name = Payload.ascii(name(number));
    int site = 1 + number % SITES;
    return new Sensor(
        name,
        Sender.of(name(number), "s-" + site + "/" + metric.word),
        Payload.ascii(
            "{\"site\":\"s-%d\",\"sensor\":\"%s\",\"metric\":\"%s\",\"value\":"
                .formatted(site, name(number), metric.word)),
        Payload.ascii(",\"unit\":\"%s\"%s".formatted(metric.unit, Payload.FILLER)),
        metric.usualTenths);
  }
}
