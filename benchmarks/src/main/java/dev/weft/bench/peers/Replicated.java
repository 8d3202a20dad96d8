package dev.weft.bench.peers;

import java.util.Optional;

/**
 * A library with replicas, behind what playing a trace takes. Implementations do each thing in the
 * way that the library recommends and that is quickest; what they prepare for a trace is in no
 * figure.
 *
 * @param <D> a replica's document
 */
interface Replicated<D> {
  /** Returns an empty document of a replica that only reads. */
  D empty();

  /** Returns the document of a replica that only reads, before the first transaction. */
  D reader();

  /** Returns the document of a writer before the first transaction. */
  D create(int writer);

  /** Returns a copy that another writer goes on with; {@code last} if nobody needs the original. */
  D fork(D document, int writer, boolean last);

  /** Makes the edits of a transaction. */
  void type(D document, int transaction);

  /** Does what the library puts off while its author types, if anything. */
  default void settle(D document) {}

  /** Makes the edits of a transaction and returns its update. */
  byte[] typeAndEncode(D document, int transaction);

  /** Inserts ASCII text at a place that both counts name. */
  void insert(D document, int indexUtf16, int codePoint, String inserted);

  /** Applies one transaction's update. */
  void apply(D document, byte[] update) throws Exception;

  /** Returns whether there is a history to hand over and to save. */
  default boolean saves() {
    return true;
  }

  /** Returns everything as one update. */
  byte[] history(D document);

  /** Returns the saved document. */
  byte[] snapshot(D document);

  /** Opens a saved document, to be read and edited. */
  D load(byte[] snapshot) throws Exception;

  /** Returns the text. */
  String text(D document);

  /** Reads the text of a saved document, where that takes less than to open it. */
  default Optional<TextReader> textReader() {
    return Optional.empty();
  }

  /** Returns what is in a saved document. */
  String sizeNote();

  /** Lets go of a document. */
  default void free(D document) {}

  /** Reads the text of a saved document. */
  @FunctionalInterface
  interface TextReader {
    String read(byte[] snapshot) throws Exception;
  }
}
