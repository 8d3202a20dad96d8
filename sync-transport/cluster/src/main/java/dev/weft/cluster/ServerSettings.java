package dev.weft.cluster;

import dev.weft.protocol.Guarantee;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the server's settings make a commit worth: read from it, never assumed. Immutable.
 *
 * @param syncs whether the server waits for its disk at all ({@code fsync})
 * @param standbyNames which standbys a commit waits for ({@code synchronous_standby_names})
 */
record ServerSettings(boolean syncs, String standbyNames) {
  /**
   * {@code FIRST 2 (a, b, c)}, {@code ANY 2 (a, b, c)}, {@code 2 (a, b, c)}; else one of a list.
   */
  private static final Pattern COUNT =
      Pattern.compile("\\s*(?:(?:FIRST|ANY)\\s+)?(\\d+)\\s*\\(.*", Pattern.CASE_INSENSITIVE);

  /** Reads the settings as they are now. */
  static ServerSettings read(Connection sql) throws SQLException {
    try (PreparedStatement select =
            sql.prepareStatement(
                "SELECT current_setting('fsync'), current_setting('synchronous_standby_names')");
        ResultSet rows = select.executeQuery()) {
      rows.next();
      return new ServerSettings(rows.getString(1).equals("on"), rows.getString(2));
    }
  }

  /** Returns how many standbys must have a commit on their disks before it is confirmed. */
  int synchronousStandbys() {
    if (standbyNames.isBlank()) {
      return 0;
    }
    Matcher count = COUNT.matcher(standbyNames);
    return count.matches() ? Integer.parseInt(count.group(1)) : 1;
  }

  /** Returns what a commit is worth that was confirmed under these settings. */
  Guarantee guarantee() {
    int standbys = synchronousStandbys();
    return standbys == 0
        ? Guarantee.FSYNCED
        : new Guarantee(Guarantee.Level.REPLICATED, 1 + standbys);
  }
}
