package io.spillway.admission;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * Who decides how much is kept. Immutable; the constructor refuses a class that is not there or
 * cannot do it. Classes are looked for where this one came from, which for a job is its jar and the
 * class path it was submitted with.
 *
 * @param className an {@link AdmissionControl}
 * @param argument for that class to read
 */
public record ControlOptions(String className, String argument) implements Serializable {
  private static final String OURS = OverloadController.class.getName();

  private static final ConfigOption<String> CLASS =
      ConfigOptions.key("admission.control-class")
          .stringType()
          .defaultValue(OURS)
          .withDescription(
              "Who decides how much of each priority is kept: a class on the job's class path that"
                  + " implements AdmissionControl. For comparisons.");
  private static final ConfigOption<String> ARGUMENT =
      ConfigOptions.key("admission.control-argument")
          .stringType()
          .defaultValue("")
          .withDescription("What is told to the class of admission.control-class, if it asks.");

  /** Both options. */
  static final List<ConfigOption<?>> OPTIONS = List.of(CLASS, ARGUMENT);

  public ControlOptions {
    constructor(className);
    if (className.equals(OURS) && !argument.isEmpty()) {
      throw new InvalidSettings(
          ARGUMENT.key(),
          argument,
          "the default of %s asks for none; leave it empty".formatted(CLASS.key()));
    }
  }

  static ControlOptions from(Settings settings) {
    return new ControlOptions(settings.get(CLASS).strip(), settings.get(ARGUMENT).strip());
  }

  /**
   * A new one of this class.
   *
   * @throws InvalidSettings if it refuses its argument
   */
  public AdmissionControl create(AdmissionOptions options) {
    try {
      return constructor(className).newInstance(options);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidSettings known) {
        throw known;
      }
      throw new IllegalStateException(className + " cannot be created", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(className + " cannot be created", e);
    }
  }

  private static Constructor<? extends AdmissionControl> constructor(String className) {
    try {
      return Class.forName(className, false, ControlOptions.class.getClassLoader())
          .asSubclass(AdmissionControl.class)
          .getConstructor(AdmissionOptions.class);
    } catch (ClassNotFoundException | LinkageError e) {
      throw refused(className, "there is no such class; put its jar on the job's class path");
    } catch (ClassCastException e) {
      throw refused(className, "it is no " + AdmissionControl.class.getName() + "; name one");
    } catch (NoSuchMethodException e) {
      throw refused(className, "give it a public constructor that takes AdmissionOptions");
    }
  }

  private static InvalidSettings refused(String className, String fix) {
    return new InvalidSettings(CLASS.key(), className, fix);
  }
}
