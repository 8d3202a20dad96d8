package dev.weft.bench.load.dialect;

import java.net.URI;

/** The protocol of a kind of server. Immutable. */
public interface Dialect {
  /** Returns where a document is to be had. */
  URI endpoint(URI server, String document);

  /** Returns the WebSocket subprotocol, empty for none. */
  String subprotocol();

  /** Returns whether the server has signs of life, saves and carets, beside edits. */
  boolean isWhole();

  /**
   * Returns a client of a document.
   *
   * @param writer the id that it writes under, or would
   */
  Speaker speaker(String document, long writer, Edits edits, Speaker.Ear ear);
}
