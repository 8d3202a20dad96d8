package dev.weft.bench.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is measured, by the name that scripts use. */
enum Metric {
  LOCAL(
      "every edit of a sequential trace, one by one, at one replica; of other traces what their"
          + " authors type, without what they receive"),
  REMOTE("each transaction's update, decoded and applied singly, at a replica that only receives"),
  BULK("the whole history as one update, applied to an empty replica"),
  LOAD("a saved document opened and its text read"),
  EDIT("a saved document opened, one character typed into its middle, and its text read"),
  SIZE("a saved document");

  private final String definition;

  Metric(String definition) {
    this.definition = definition;
  }

  /** Returns what it is, as a part of a sentence. */
  String definition() {
    return definition;
  }

  /** Returns what one step of a run is called, where a run has steps worth counting. */
  Optional<String> step() {
    return switch (this) {
      case LOCAL, BULK -> Optional.of("edit");
      case REMOTE -> Optional.of("update");
      case LOAD, EDIT, SIZE -> Optional.empty();
    };
  }

  static Optional<Metric> named(String name) {
    return Arrays.stream(values()).filter(metric -> metric.toString().equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
