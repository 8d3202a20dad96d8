package dev.weft.desktop.history;

import dev.weft.crdt.NamedVersion;

/**
 * A version that has a name, and where it is on the slider. Immutable.
 *
 * @param events after how many events all of it had come here
 */
record Mark(NamedVersion named, long events) {
  /** Returns the name in one line, whatever it contains. */
  String label() {
    return named.name().replaceAll("\\p{Cntrl}+", " ");
  }

  /** Is what a list shows, also to a screen reader. */
  @Override
  public String toString() {
    return label();
  }
}
