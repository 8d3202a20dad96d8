package dev.weft.desktop.network;

/** Whether anything passes a link, and whether those at its ends are told if not. */
public enum Cable {
  /** All passes. */
  WHOLE,

  /** Nothing passes: what is connected is closed at once, and who connects is refused. */
  CUT,

  /**
   * Nothing passes, and nobody is told: both ends believe in their connections. What was on its way
   * comes when the link is mended, as TCP would send it again.
   */
  UNPLUGGED
}
