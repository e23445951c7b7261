package io.spillway.sandbox.cluster;

/**
 * Something a user has to know about, in one line: what is wrong, where, and how to mend it. The
 * exit code is 2 where the command or the machine does not fit what was asked, 1 where something
 * broke on the way.
 */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String details;

  private SandboxException(int exitCode, String line, String details, Throwable cause) {
    super(line, cause);
    this.exitCode = exitCode;
    this.details = details;
  }

  /** Something broke while the sandbox did what it was asked for. */
  public static SandboxException failure(String line) {
    return new SandboxException(1, line, "", null);
  }

  /** Something broke while the sandbox did what it was asked for. */
  public static SandboxException failure(String line, Throwable cause) {
    return new SandboxException(1, line, "", cause);
  }

  /** Something broke, with lines of a log that show how. */
  public static SandboxException failure(String line, String details) {
    return new SandboxException(1, line, details, null);
  }

  /** The command cannot be carried out as it was given, or not on this machine. */
  public static SandboxException wrongUse(String line) {
    return new SandboxException(2, line, "", null);
  }

  /** The exit code of the command that ends with this. */
  public int exitCode() {
    return exitCode;
  }

  /** Lines of a log, or an empty text. */
  public String details() {
    return details;
  }
}
