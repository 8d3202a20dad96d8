package dev.weft.relay;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Says in one sentence what is wrong with a file of settings, and where; never what secrets stand
 * in it.
 */
public final class UnusableFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableFileException(Path file, String why) {
    this(file, why, null);
  }

  UnusableFileException(Path file, String why, @Nullable Throwable cause) {
    super(file + ": " + why, cause);
  }

  /**
   * Creates the exception for a line.
   *
   * @param line counted from 1
   */
  UnusableFileException(Path file, int line, String why) {
    super(file + ", line " + line + ": " + why);
  }
}
