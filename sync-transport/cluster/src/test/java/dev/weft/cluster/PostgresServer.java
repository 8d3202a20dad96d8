package dev.weft.cluster;

import dev.weft.store.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of the tests' own: a real one, with fsync, in a temporary directory and on a
 * free port of the loopback address. It can be stopped, crashed and started again.
 */
final class PostgresServer implements AutoCloseable {
  private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");
  private static final String USER = "weft";
  private static final boolean AS_ROOT = System.getProperty("user.name").equals("root");

  private final AtomicInteger databases = new AtomicInteger();
  private final Path bin;
  private final Path directory;
  private final ReservedPort port = ReservedPort.any();
  private final Thread stopAtExit = new Thread(this::crash, "stop-postgres");

  private @Nullable String emptied;

  private PostgresServer(Path bin, Path directory) {
    this.bin = bin;
    this.directory = directory;
  }

  /** Returns where the programs of the newest installed version are, if any is installed. */
  static Optional<Path> installation() {
    if (!Files.isDirectory(INSTALLATIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .max(Comparator.comparingInt(version -> Integer.parseInt(version.toFile().getName())))
          .map(version -> version.resolve("bin"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a new server and starts it. */
  static PostgresServer start(Path bin) {
    try {
      Path directory = Files.createTempDirectory("weft-postgres");
      if (AS_ROOT) {
        // PostgreSQL refuses to run as root.
        Files.setOwner(
            directory,
            directory
                .getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName("postgres"));
      }
      PostgresServer server = new PostgresServer(bin, directory);
      server.run(
          "initdb",
          "-D",
          server.data(),
          "-U",
          USER,
          "-A",
          "trust",
          "-E",
          "UTF8",
          "--locale=C",
          "--no-sync");
      Runtime.getRuntime().addShutdownHook(server.stopAtExit);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the server again, and returns when it takes connections. */
  void start() {
    run(
        "pg_ctl",
        "-D",
        data(),
        "-l",
        directory.resolve("log").toString(),
        "-w",
        "-o",
        "-p "
            + port.number()
            + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
            // After a crash it flushes everything first: by one call for all files, not by one
            // each.
            + " -c recovery_init_sync_method=syncfs",
        "start");
  }

  /** Stops the server in order, cutting connections. */
  void stop() {
    run("pg_ctl", "-D", data(), "-w", "-m", "fast", "stop");
  }

  /** Stops the server without writing anything more, as a crash does. */
  void crash() {
    run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
  }

  /** Creates a database without anything and returns its address. */
  String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return url(name);
  }

  /**
   * Returns the address of a database that holds no document. It is always the same one, since
   * making one takes longer than most tests.
   */
  String emptiedDatabase() {
    if (emptied == null) {
      emptied = newDatabase();
    } else {
      executeAt(
          emptied, "DELETE FROM weft.snapshot; DELETE FROM weft.change; DELETE FROM weft.document");
    }
    return emptied;
  }

  /** Returns the address of a database. */
  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port.number() + "/" + database + "?user=" + USER;
  }

  /** Changes a setting of the running server. */
  void set(String setting, String value) {
    change("ALTER SYSTEM SET " + setting + " = '" + value + "'", setting, value);
  }

  /** Gives a setting its default again. */
  void reset(String setting) {
    change("ALTER SYSTEM RESET " + setting, setting, defaultOf(setting));
  }

  private void change(String statement, String setting, String value) {
    execute("postgres", statement);
    execute("postgres", "SELECT pg_reload_conf()");
    Eventually.until(setting + " is " + value, () -> get(setting).equals(value));
  }

  /** Returns a setting as a new connection sees it. */
  String get(String setting) {
    return queryAt(url("postgres"), "SHOW " + setting);
  }

  private String defaultOf(String setting) {
    return queryAt(
        url("postgres"), "SELECT boot_val FROM pg_settings WHERE name = '" + setting + "'");
  }

  /** Waits until a commit is on this server's disk and waits for that of a standby. */
  void awaitCommitThatWaitsForStandby() {
    Eventually.until(
        "a commit waits for a standby",
        () ->
            queryAt(
                    url("postgres"),
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                .equals("1"));
  }

  /** Starts a program that receives the write-ahead log and flushes it, as a standby does. */
  Process receiveWal() {
    try {
      Path received = Files.createTempDirectory(directory, "received");
      List<String> command =
          new ArrayList<>(
              List.of(
                  bin.resolve("pg_receivewal").toString(),
                  "--synchronous",
                  "-D",
                  received.toString(),
                  "-h",
                  "127.0.0.1",
                  "-p",
                  Integer.toString(port.number()),
                  "-U",
                  USER));
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("received.log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void execute(String database, String sql) {
    executeAt(url(database), sql);
  }

  static void executeAt(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  static String queryAt(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private void run(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (AS_ROOT) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    TestProcess.run(command);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(stopAtExit);
    crash();
    port.close();
    TestProcess.deleteAll(directory);
  }
}
