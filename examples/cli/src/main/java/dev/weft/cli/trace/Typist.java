package dev.weft.cli.trace;

import dev.weft.crdt.TextDocument;

/** Makes the edits of a transaction. */
@FunctionalInterface
interface Typist {

  /**
   * Edits a document that holds exactly what the transaction's parents name.
   *
   * @throws IndexOutOfBoundsException if a patch lies outside of the text
   */
  void type(int transaction, TextDocument document);
}
