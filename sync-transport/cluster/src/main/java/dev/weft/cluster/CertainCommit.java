package dev.weft.cluster;

import dev.weft.protocol.Guarantee;
import dev.weft.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;

/** A commit after which it is known what the changes will survive. Stateless. */
final class CertainCommit {
  /** The SQL state of notices that warn of nothing. */
  private static final String SUCCESS = "00000";

  private CertainCommit() {}

  /**
   * Makes a transaction that has written nothing wait for the disk, and for the standbys, as one
   * that has: by a record in the write-ahead log that nobody reads. All that others committed
   * before comes before it there.
   */
  static void force(Connection sql) throws SQLException {
    try (PreparedStatement emit =
        sql.prepareStatement("SELECT pg_logical_emit_message(true, 'weft', '')")) {
      emit.executeQuery().close();
    }
  }

  /**
   * Commits, and returns what that is worth.
   *
   * @param before the server's settings within the transaction
   * @throws StoreException if the server does not wait for its disk, or has stopped waiting for the
   *     standbys; in the latter case the changes are stored, but it is not known where
   */
  static Guarantee commit(Connection sql, ServerSettings before) throws SQLException {
    requireSync(before);
    sql.clearWarnings();
    sql.commit();
    // An administrator can end the wait for the standbys: the commit succeeds then, with a warning.
    for (SQLWarning warning = sql.getWarnings();
        warning != null;
        warning = warning.getNextWarning()) {
      if (!SUCCESS.equals(warning.getSQLState())) {
        throw new StoreException(
            "it is not certain that the changes are stored as safely as asked: PostgreSQL reports "
                + warning.getMessage(),
            warning);
      }
    }
    if (before.synchronousStandbys() == 0) {
      return Guarantee.FSYNCED;
    }
    // Without standbys to wait for, those who wait are let go. So what was not so before and after
    // is
    // not claimed.
    ServerSettings after = ServerSettings.read(sql);
    requireSync(after);
    return after.synchronousStandbys() < before.synchronousStandbys()
        ? after.guarantee()
        : before.guarantee();
  }

  private static void requireSync(ServerSettings settings) {
    if (!settings.syncs()) {
      throw new StoreException(
          "no save can be certain: PostgreSQL runs with fsync = off and would lose it in a crash; set"
              + " fsync = on in its configuration");
    }
  }
}
