package io.spillway.config;

/**
 * A setting that cannot be used. The message names the key, the value and what to write instead.
 */
public final class InvalidSettings extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidSettings(String key, Object value, String fix) {
    super("%s = '%s': %s".formatted(key, value, fix));
  }

  public InvalidSettings(String message) {
    super(message);
  }
}
