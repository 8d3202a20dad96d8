package dev.weft.desktop.presence;

import java.awt.Color;
import java.awt.Rectangle;

/**
 * One of the things that are drawn over a text. What is drawn is a list of these, so that what has
 * changed is those that are in one list only. Immutable; nobody changes the rectangle.
 *
 * @param personId whose it is
 * @param place in the text component's coordinates
 * @param color the shade that is seen on the component's ground
 * @param faded whether the person is idle, gone or not heard
 * @param words what stands in it; empty for nothing
 */
record Shape(Kind kind, long personId, Rectangle place, Color color, boolean faded, String words) {

  /** What there is to draw; the later ones lie above the earlier ones. */
  enum Kind {
    /** The line to which the person here has jumped. */
    FLASH,
    /** A part of what is selected. */
    SELECTION,
    /** Where the caret is. */
    CARET,
    /** Whose caret it is. */
    FLAG
  }
}
