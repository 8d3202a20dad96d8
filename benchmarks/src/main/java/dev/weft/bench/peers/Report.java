package dev.weft.bench.peers;

import dev.weft.cli.trace.Trace;
import java.util.Optional;

/** Takes in results as they come. Not thread-safe. */
interface Report {
  /** Tells which trace the results are of from now on; this library's come first. */
  void begin(Trace trace);

  /** Tells that a library is being measured. */
  void started(Library library);

  /** Adds a result. */
  void add(Result result);

  /** Tells that there are no more, and which Node ran those from npm. */
  void end(Optional<String> nodeVersion);

  /** Returns whether any result so far is a failure. */
  boolean failed();
}
