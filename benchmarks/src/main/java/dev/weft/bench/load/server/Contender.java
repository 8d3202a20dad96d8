package dev.weft.bench.load.server;

import dev.weft.bench.load.dialect.Dialect;
import java.io.IOException;
import java.net.URI;

/** A server that was started for a measurement, in a process of its own. */
public interface Contender extends AutoCloseable {
  /** Returns what it is called. */
  String title();

  Dialect dialect();

  URI uri();

  ServerFigures figures();

  /** Returns whether it has not ended. */
  boolean isAlive();

  @Override
  void close() throws IOException;
}
