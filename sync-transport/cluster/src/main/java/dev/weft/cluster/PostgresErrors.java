package dev.weft.cluster;

import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * Puts what PostgreSQL and its driver report into sentences for a person, by SQL state. Stateless.
 */
final class PostgresErrors {
  private PostgresErrors() {}

  /**
   * Returns whether the database could not be reached, or went away: nothing is wrong with what was
   * asked, and it may be asked again.
   */
  static boolean isUnreachable(SQLException failure) {
    SQLException cause = innermost(failure);
    String state = state(cause);
    return cause instanceof SQLTransientConnectionException
        || state.startsWith("08")
        // Shutting down, crashed, starting; no connections left; and an idle one that was ended.
        || state.startsWith("57P")
        || state.equals("53300")
        || state.equals("25P03");
  }

  /**
   * Returns what to throw for {@code failure}.
   *
   * @param attempt what failed, as in "cannot <i>append to document notes</i>"
   * @param where the database, without secrets
   */
  static StoreException explain(String attempt, String where, SQLException failure) {
    SQLException cause = innermost(failure);
    String state = state(cause);
    String prefix = "cannot " + attempt + ": ";
    if (isUnreachable(failure)) {
      return unreachable(attempt, where, reason(failure), failure);
    }
    return switch (state) {
      case "28000", "28P01" ->
          new StoreException(
              prefix
                  + "PostgreSQL at "
                  + where
                  + " refuses the user ("
                  + said(cause)
                  + "); check the user and password of the address",
              failure);
      case "3D000" ->
          new StoreException(
              prefix
                  + "PostgreSQL at "
                  + where
                  + " has no such database ("
                  + said(cause)
                  + "); create it first",
              failure);
      case "42501" ->
          new StoreException(
              prefix
                  + "the user may not do that in PostgreSQL at "
                  + where
                  + " ("
                  + said(cause)
                  + "); let it create a schema in the database, or use the schema \"weft\"",
              failure);
      case "25006" ->
          new StoreException(
              prefix
                  + "PostgreSQL at "
                  + where
                  + " only takes reads, as a standby does; give the address of the primary",
              failure);
      case "53100" ->
          new StoreException(
              prefix
                  + "the disk of PostgreSQL at "
                  + where
                  + " is full; nothing stored is lost, free some space",
              failure);
      case "55P03" ->
          new StoreException(
              prefix
                  + "another relay has been appending to it for too long in PostgreSQL at "
                  + where
                  + " (it may wait for a synchronous standby that is away); try again",
              failure);
      case "XX001", "XX002" ->
          new StoreDamagedException(
              prefix
                  + "PostgreSQL at "
                  + where
                  + " reports damage ("
                  + said(cause)
                  + "); it was left as it is, restore the database from a backup",
              failure);
      default ->
          new StoreException(
              prefix + "PostgreSQL at " + where + " reports: " + said(cause) + " (" + state + ")",
              failure);
    };
  }

  /** Returns what to throw when the database cannot be reached to begin with. */
  static StoreException cannotOpen(String where, SQLException failure) {
    return isUnreachable(failure)
        ? new StoreException(
            "cannot open the database: PostgreSQL at "
                + where
                + " cannot be reached ("
                + reason(failure)
                + "); check the address, and that the server runs",
            failure)
        : explain("open the database", where, failure);
  }

  /** Returns what to throw when the database cannot be reached. */
  static StoreException unreachable(
      String attempt, String where, String reason, @Nullable Throwable cause) {
    return new StoreException(
        "cannot "
            + attempt
            + ": PostgreSQL at "
            + where
            + " cannot be reached ("
            + reason
            + "); what it holds is safe, and it is tried again",
        cause);
  }

  /** Returns what the driver says about a connection that failed. */
  static String reason(SQLException failure) {
    return said(innermost(failure));
  }

  /** The pool wraps what the driver said about the last connection that it tried to make. */
  private static SQLException innermost(SQLException failure) {
    SQLException innermost = failure;
    while (innermost instanceof SQLTransientConnectionException
        && innermost.getCause() instanceof SQLException cause) {
      innermost = cause;
    }
    return innermost;
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /** The driver's first sentence, without its severity and without a full stop. */
  private static String said(SQLException failure) {
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    line = line.replaceFirst("^[A-Z]+: +", "").strip();
    int sentence = line.indexOf(". ");
    line = sentence < 0 ? line : line.substring(0, sentence);
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
