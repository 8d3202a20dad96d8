package dev.weft.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Puts SQLite's result codes into sentences for a person. Stateless. */
final class SqliteErrors {
  private SqliteErrors() {}

  /**
   * Returns what to throw for {@code cause}.
   *
   * @param attempt what failed, as in "cannot <i>append to document notes</i>"
   */
  static StoreException explain(Path file, String attempt, SQLException cause) {
    SQLiteErrorCode code =
        cause instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    String prefix = "cannot " + attempt + " in the store " + file + ": ";
    // The low byte is the error; what is above it tells where in SQLite it arose.
    return switch (primary(code)) {
      case SQLITE_FULL ->
          new StoreException(
              prefix + "the disk is full; nothing stored is lost, free some space", cause);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
          new StoreException(
              prefix
                  + "the file cannot be written ("
                  + code
                  + "); check the permissions of it, of weft.db-wal and weft.db-shm beside it, and of"
                  + " its directory; if they are right, the file is damaged: run "
                  + advice(file),
              cause);
      case SQLITE_IOERR ->
          new StoreException(
              prefix + "the disk failed to read or write (" + code + "); check the disk", cause);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new StoreException(
              prefix + "another program has locked the database; close it there", cause);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new StoreDamagedException(
              prefix
                  + "the database is damaged ("
                  + code
                  + ") and was left as it is; run "
                  + advice(file),
              cause);
      case SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_SCHEMA ->
          // No statement of the store's own meets these in a database as the store has made it.
          new StoreDamagedException(
              prefix
                  + "the database is not as it was written ("
                  + cause.getMessage()
                  + ") and was left as it is; run "
                  + advice(file),
              cause);
      default -> new StoreException(prefix + cause.getMessage(), cause);
    };
  }

  /** Returns what to run when a database is damaged. */
  static String advice(Path file) {
    Path directory = file.getParent();
    return "`weft store check "
        + directory
        + "` to see what is damaged, and `weft store repair "
        + directory
        + "` to recover the rest";
  }

  /** Returns SQLite's name of what went wrong, or what there is instead. */
  static String codeOf(SQLException cause) {
    return cause instanceof SQLiteException sqlite
        ? sqlite.getResultCode().name()
        : String.valueOf(cause.getMessage());
  }

  static boolean isDiskFull(SQLException cause) {
    return cause instanceof SQLiteException sqlite
        && primary(sqlite.getResultCode()) == SQLiteErrorCode.SQLITE_FULL;
  }

  /** Returns whether the disk did not confirm what was written. */
  static boolean isSyncFailure(@Nullable Throwable cause) {
    return cause instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_FSYNC
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC);
  }

  private static SQLiteErrorCode primary(SQLiteErrorCode code) {
    return SQLiteErrorCode.getErrorCode(code.code & 0xff);
  }
}
