package dev.weft.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.weft.store.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The connections of one relay to the database that the relays share: some that append and some
 * that read, so that reading never waits for an append to reach the disk. Lost ones are replaced.
 * While the database is away whoever asks is told so at once, except one at a time who tries again.
 * Thread-safe.
 */
final class Database implements AutoCloseable {
  private static final String SCHEME = "jdbc:postgresql:";

  /** How long to wait for a connection. Every other bound on waiting is above it. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** After so long without an answer, a connection is given up. */
  private static final int ANSWER_TIMEOUT_SECONDS = 10;

  /** What holds for a session unless the address says otherwise. */
  private static final String SESSION_OPTIONS =
      // The lock of a document is waited for less long than an answer, so that the answer says so.
      "-c lock_timeout=5s"
          // A relay that vanished in the middle of an append does not keep its lock for long.
          + " -c idle_in_transaction_session_timeout=10s"
          + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

  private static final int CONNECTIONS_OF_EACH_KIND = 4;

  private final String where;
  private final String clusterName;
  private final Outage outage;
  private final HikariDataSource appends;
  private final HikariDataSource reads;
  private volatile boolean closed;

  private Database(
      String where,
      String clusterName,
      Outage outage,
      HikariDataSource appends,
      HikariDataSource reads) {
    this.where = where;
    this.clusterName = clusterName;
    this.outage = outage;
    this.appends = appends;
    this.reads = reads;
  }

  /**
   * Connects, and brings the schema up to date.
   *
   * @throws IllegalArgumentException if {@code jdbcUrl} is none of PostgreSQL
   * @throws StoreException if the database cannot be reached or used
   */
  static Database open(
      String jdbcUrl, List<List<String>> schemaSteps, LongSupplier ticker, RandomGenerator random) {
    String where = place(jdbcUrl);
    String clusterName;
    try (Connection sql = DriverManager.getConnection(jdbcUrl, properties())) {
      clusterName = PostgresSchema.migrate(sql, where, schemaSteps);
    } catch (SQLException e) {
      throw PostgresErrors.cannotOpen(where, e);
    }
    HikariDataSource appends = pool(jdbcUrl, "weft-append", "TRANSACTION_READ_COMMITTED", false);
    // All that one transaction reads is of one moment.
    HikariDataSource reads = pool(jdbcUrl, "weft-read", "TRANSACTION_REPEATABLE_READ", true);
    return new Database(
        where, clusterName, new Outage(ticker, random, CONNECT_TIMEOUT), appends, reads);
  }

  /** Returns the address without its options, of which one may be a password. */
  static String place(String jdbcUrl) {
    if (!jdbcUrl.startsWith(SCHEME) || !hasDriver(jdbcUrl)) {
      // Not shown, for the same reason.
      throw new IllegalArgumentException(
          "the address of the database must be of the form"
              + " jdbc:postgresql://HOST[:PORT]/DATABASE[?user=USER&password=PASSWORD]");
    }
    int options = jdbcUrl.indexOf('?');
    String place = jdbcUrl.substring(SCHEME.length(), options < 0 ? jdbcUrl.length() : options);
    return place.startsWith("//") ? place.substring(2) : place;
  }

  private static boolean hasDriver(String jdbcUrl) {
    try {
      DriverManager.getDriver(jdbcUrl);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** What holds unless the address says otherwise. */
  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "weft-relay");
    // Of several hosts the one that takes writes, whichever that is after a failover.
    properties.setProperty("targetServerType", "primary");
    properties.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("loginTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", Integer.toString(ANSWER_TIMEOUT_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("options", SESSION_OPTIONS);
    return properties;
  }

  private static HikariDataSource pool(
      String jdbcUrl, String name, String isolation, boolean readOnly) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(jdbcUrl);
    config.setDataSourceProperties(properties());
    config.setAutoCommit(false);
    config.setTransactionIsolation(isolation);
    config.setReadOnly(readOnly);
    config.setMaximumPoolSize(CONNECTIONS_OF_EACH_KIND);
    // None is made without need: while the database is away the pool would try ever more rarely,
    // and whoever needs one when it is back would wait for that.
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    config.setValidationTimeout(CONNECT_TIMEOUT.dividedBy(2).toMillis());
    // The address was tried already. If the database goes just now, that is told by the first call.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** Returns the name that the database gives to the cluster, the same for every relay of it. */
  String clusterName() {
    return clusterName;
  }

  /** Runs {@code work} in a transaction that writes, and commits it: all of it or nothing. */
  <T> T append(String attempt, Work<T> work) {
    return transaction(appends, attempt, work);
  }

  /** Runs {@code work} on one consistent state of the database. */
  <T> T read(String attempt, Work<T> work) {
    return transaction(reads, attempt, work);
  }

  private <T> T transaction(HikariDataSource pool, String attempt, Work<T> work) {
    requireOpen();
    Optional<String> away = outage.reason();
    if (away.isPresent()) {
      throw PostgresErrors.unreachable(attempt, where, away.get(), null);
    }
    try (Connection sql = pool.getConnection()) {
      T result = commitOrRollBack(sql, work);
      outage.ended();
      return result;
    } catch (SQLException e) {
      requireOpen();
      if (PostgresErrors.isUnreachable(e)) {
        outage.began(PostgresErrors.reason(e));
      } else {
        outage.ended();
      }
      throw PostgresErrors.explain(attempt, where, e);
    } catch (RuntimeException e) {
      // Something is wrong with what was asked: the database has answered.
      outage.ended();
      throw e;
    }
  }

  private static <T> T commitOrRollBack(Connection sql, Work<T> work) throws SQLException {
    try {
      T result = work.run(sql);
      sql.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      rollBackAfter(e, sql);
      throw e;
    }
  }

  private static void rollBackAfter(Throwable failure, Connection sql) {
    try {
      // A connection that is lost is closed by now; the server rolls back by itself.
      if (!sql.isClosed()) {
        sql.rollback();
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store at " + where + " is closed");
    }
  }

  /** Waits for nobody: what runs fails. */
  @Override
  public void close() {
    closed = true;
    appends.close();
    reads.close();
  }

  /** What is done within a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection sql) throws SQLException;
  }
}
