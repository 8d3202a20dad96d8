package dev.weft.cluster;

/** A program that receives and flushes a server's write-ahead log, as a standby does. */
final class WalReceiver implements AutoCloseable {
  /** What {@code synchronous_standby_names} calls it. */
  static final String NAME = "pg_receivewal";

  private final PostgresServer server;
  private final Process process;

  private WalReceiver(PostgresServer server) {
    this.server = server;
    this.process = server.receiveWal();
  }

  static WalReceiver start(PostgresServer server) {
    return new WalReceiver(server);
  }

  /** Waits until the server counts on it. */
  void awaitSynchronous() {
    Eventually.until(
        "it is a synchronous standby",
        () ->
            PostgresServer.queryAt(
                    server.url("postgres"),
                    "SELECT sync_state FROM pg_stat_replication WHERE application_name = '"
                        + NAME
                        + "'")
                .equals("sync"));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
