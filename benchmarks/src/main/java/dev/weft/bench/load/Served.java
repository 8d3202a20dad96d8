package dev.weft.bench.load;

import dev.weft.bench.load.dialect.Dialect;
import dev.weft.bench.load.server.Contender;
import dev.weft.bench.load.server.ServerFigures;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What the clients of a measurement connect to: a server that was started for it, or another. */
final class Served implements AutoCloseable {
  private final String title;
  private final URI uri;
  private final Dialect dialect;
  private final ServerFigures figures;
  private final @Nullable Contender started;

  private Served(
      String title, URI uri, Dialect dialect, ServerFigures figures, @Nullable Contender started) {
    this.title = title;
    this.uri = uri;
    this.dialect = dialect;
    this.figures = figures;
    this.started = started;
  }

  /** A server that is there already, of which nothing but its address is known. */
  static Served elsewhere(URI uri, Dialect dialect) {
    return new Served(uri.toString(), uri, dialect, ServerFigures.UNKNOWN, null);
  }

  /** A server that was started, and is ended when this is closed. */
  static Served by(Contender contender) {
    return new Served(
        contender.title(), contender.uri(), contender.dialect(), contender.figures(), contender);
  }

  String title() {
    return title;
  }

  URI uri() {
    return uri;
  }

  Dialect dialect() {
    return dialect;
  }

  ServerFigures figures() {
    return figures;
  }

  /** Returns whether it is known to have ended. */
  boolean hasEnded() {
    return started != null && !started.isAlive();
  }

  /**
   * Prepares a run of clients.
   *
   * @param name begins the names of its documents, behind what tells this process apart
   */
  LoadRun run(LoadSettings settings, String name) {
    String own = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
    String now = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    return new LoadRun(dialect, uri, figures, settings, name + "-" + own + "-" + now);
  }

  @Override
  public void close() throws IOException {
    if (started != null) {
      started.close();
    }
  }
}
