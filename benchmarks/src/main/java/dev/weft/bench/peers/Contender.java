package dev.weft.bench.peers;

import java.util.List;
import java.util.Optional;

/** A library on the JVM that has taken in a trace once and is ready to be measured with it. */
interface Contender {
  /**
   * How many bytes a saved document takes, or why it is not told.
   *
   * @param note what is in them
   */
  record Size(long bytes, String note) {}

  /** A metric, or a second way of doing what it asks for, with the name that tells it from it. */
  record Way(Metric metric, Optional<String> variant) {
    static Way of(Metric metric) {
      return new Way(metric, Optional.empty());
    }
  }

  /** Returns the ways in which this library can do what a metric asks for; none if it cannot. */
  List<Way> ways(Metric metric);

  /** Returns why there is no way of doing what a metric asks for. */
  String reason(Metric metric);

  /** Returns what a reader of the figures has to know about one. */
  Optional<String> note(Way way);

  /** Returns how the text relates to the one recorded with the trace. */
  String order();

  /**
   * Runs once and checks the text that comes out.
   *
   * @param limitNanos when a run of many steps stops early
   */
  Run run(Way way, long limitNanos) throws Exception;

  /** Returns the size of the saved document. */
  Size size();
}
