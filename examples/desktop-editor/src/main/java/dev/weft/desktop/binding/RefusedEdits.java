package dev.weft.desktop.binding;

/** Is told of edits that a shared text did not take, so that a person can be told. */
@FunctionalInterface
public interface RefusedEdits {

  /**
   * Is called on the event dispatch thread, in an event after that of the edit: the component shows
   * the shared text, without the edit.
   *
   * @param reason why, as the shared text said; its message is a sentence for a person
   */
  void refused(RuntimeException reason);
}
