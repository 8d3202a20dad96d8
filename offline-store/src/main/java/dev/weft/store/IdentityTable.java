package dev.weft.store;

import dev.weft.crdt.ReplicaId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The replica ids of this device. Of each document's at most one is in use: {@code free} between
 * two writers, {@code held} by one. All others are {@code retired} for good. Stateless.
 */
final class IdentityTable {
  private IdentityTable() {}

  /** Retires the ids that were never given back. */
  static void retireHeld(SqliteConnection sql) throws SQLException {
    sql.prepare("UPDATE identity SET state = 'retired' WHERE state = 'held'").executeUpdate();
  }

  /** Retires all ids: nobody knows what else was written under them. */
  static void retireAll(SqliteConnection sql) throws SQLException {
    sql.prepare("UPDATE identity SET state = 'retired' WHERE state <> 'retired'").executeUpdate();
  }

  /** Retires the ids of a document. */
  static void retireAll(SqliteConnection sql, long document) throws SQLException {
    PreparedStatement update =
        sql.prepare(
            "UPDATE identity SET state = 'retired' WHERE document = ? AND state <> 'retired'");
    update.setLong(1, document);
    update.executeUpdate();
  }

  /** Retires one id. */
  static void retire(SqliteConnection sql, long document, ReplicaId replica) throws SQLException {
    PreparedStatement update =
        sql.prepare("UPDATE identity SET state = 'retired' WHERE document = ? AND replica = ?");
    update.setLong(1, document);
    update.setLong(2, replica.bits());
    update.executeUpdate();
  }

  /** Returns whether somebody writes a document. */
  static boolean isAnyHeld(SqliteConnection sql, long document) throws SQLException {
    return held(sql, document).isPresent();
  }

  /**
   * Returns the id that was given back, or a new one, held from now on. One that is held still is
   * retired: its holder may have sent what the log does not have.
   */
  static ReplicaId hold(SqliteConnection sql, long document, RandomGenerator random)
      throws SQLException {
    release(sql, document, false);
    PreparedStatement take =
        sql.prepare(
            """
            UPDATE identity SET state = 'held'
            WHERE document = ? AND state = 'free' RETURNING replica""");
    take.setLong(1, document);
    Optional<ReplicaId> free = first(take);
    return free.isPresent() ? free.get() : create(sql, document, random);
  }

  private static ReplicaId create(SqliteConnection sql, long document, RandomGenerator random)
      throws SQLException {
    ReplicaId replica;
    do {
      replica = ReplicaId.random(random);
    } while (isTaken(sql, document, replica));
    PreparedStatement insert =
        sql.prepare("INSERT INTO identity (document, replica, state) VALUES (?, ?, 'held')");
    insert.setLong(1, document);
    insert.setLong(2, replica.bits());
    insert.executeUpdate();
    return replica;
  }

  /** A weak source of randomness may repeat itself: no id that the document knows is new. */
  private static boolean isTaken(SqliteConnection sql, long document, ReplicaId replica)
      throws SQLException {
    PreparedStatement select =
        sql.prepare(
            """
            SELECT EXISTS (SELECT 1 FROM identity WHERE document = ?1 AND replica = ?2)
                OR EXISTS (SELECT 1 FROM change WHERE document = ?1 AND replica = ?2)""");
    select.setLong(1, document);
    select.setLong(2, replica.bits());
    try (ResultSet rows = select.executeQuery()) {
      return rows.getBoolean(1);
    }
  }

  /** Returns whether an id is the one that is held. */
  static boolean isHeld(SqliteConnection sql, long document, ReplicaId replica)
      throws SQLException {
    return held(sql, document).filter(replica::equals).isPresent();
  }

  private static Optional<ReplicaId> held(SqliteConnection sql, long document) throws SQLException {
    PreparedStatement select =
        sql.prepare("SELECT replica FROM identity WHERE document = ? AND state = 'held'");
    select.setLong(1, document);
    return first(select);
  }

  /** Gives the held id back, for use by the next writer or by nobody. */
  static void release(SqliteConnection sql, long document, boolean reusable) throws SQLException {
    PreparedStatement update =
        sql.prepare("UPDATE identity SET state = ? WHERE document = ? AND state = 'held'");
    update.setString(1, reusable ? "free" : "retired");
    update.setLong(2, document);
    update.executeUpdate();
  }

  /** Returns all ids of a document, oldest first. */
  static List<ReplicaId> all(SqliteConnection sql, long document) throws SQLException {
    PreparedStatement select =
        sql.prepare("SELECT replica FROM identity WHERE document = ? ORDER BY id");
    select.setLong(1, document);
    List<ReplicaId> replicas = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        replicas.add(new ReplicaId(rows.getLong(1)));
      }
    }
    return replicas;
  }

  private static Optional<ReplicaId> first(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(new ReplicaId(rows.getLong(1))) : Optional.empty();
    }
  }
}
