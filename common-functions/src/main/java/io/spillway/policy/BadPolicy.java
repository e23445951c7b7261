package io.spillway.policy;

/** A record that is no policy a job can follow. The message is one line that says why. */
public final class BadPolicy extends Exception {
  private static final long serialVersionUID = 1L;

  public BadPolicy(String message) {
    super(message);
  }
}
