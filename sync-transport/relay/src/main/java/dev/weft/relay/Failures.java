package dev.weft.relay;

import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * What went wrong around the relay, in its log: a line for who runs it, and the stack only where
 * somebody looks closer (DEBUG). A fault of the relay itself is none of these. Stateless.
 */
final class Failures {
  /** No chain of causes that says something new is longer. */
  private static final int MAX_CAUSES = 5;

  private Failures() {}

  /** Logs {@code what} with the failure's own words. */
  static void tell(Logger log, Level level, String what, Throwable failure) {
    log.atLevel(level).log("{}: {}", what, words(failure));
    log.debug("{}, from", what, failure);
  }

  /** Returns on one line what a failure and its causes say. */
  static String words(Throwable failure) {
    Throwable told = failure;
    while (isWrapping(told) && told.getCause() != null) {
      told = told.getCause();
    }
    StringBuilder words = new StringBuilder(ofOne(told));
    Throwable cause = told.getCause();
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      String more = ofOne(cause);
      if (words.indexOf(more) < 0) {
        words.append(": ").append(more);
      }
      cause = cause.getCause();
    }
    return Sentences.printable(words.toString());
  }

  private static boolean isWrapping(Throwable failure) {
    return failure instanceof CompletionException || failure instanceof ExecutionException;
  }

  private static String ofOne(Throwable failure) {
    String message = failure.getMessage();
    if (message != null && !message.isBlank()) {
      return message;
    } else if (failure instanceof UnresolvedAddressException) {
      return "no address is known for that host";
    }
    return failure instanceof ConnectException
        ? "no connection can be made"
        : failure.getClass().getSimpleName();
  }
}
