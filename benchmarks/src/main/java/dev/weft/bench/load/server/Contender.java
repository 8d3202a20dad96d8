package dev.weft.bench.load;

import java.io.IOException;
import java.net.URI;

/** A server that was started for a measurement, in a process of its own. */
interface Contender extends AutoCloseable {
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
