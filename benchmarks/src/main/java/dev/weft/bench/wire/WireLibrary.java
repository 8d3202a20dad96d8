package dev.weft.bench.wire;

import java.util.Locale;

/** What is measured side by side, by the name that scripts use. */
enum WireLibrary {
  WEFT("Weft", "weft"),
  Y_WEBSOCKET("y-websocket", "y-websocket"),
  HOCUSPOCUS("Hocuspocus", "hocuspocus"),
  HOCUSPOCUS_BATCHING("Hocuspocus, told to batch", "hocuspocus");

  private final String title;
  private final String script;

  WireLibrary(String title, String script) {
    this.title = title;
    this.script = script;
  }

  /** Returns how a table calls it. */
  String title() {
    return title;
  }

  /** Returns how the scripts of {@code benchmarks/peers} call it. */
  String script() {
    return script;
  }

  /** Returns whether it comes from npm. */
  boolean needsNode() {
    return this != WEFT;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
