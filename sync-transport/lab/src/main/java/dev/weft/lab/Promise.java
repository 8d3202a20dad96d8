package dev.weft.lab;

/** What is promised, and checked. */
enum Promise {
  /** What is acknowledged as saved survives whatever the acknowledgement says that it survives. */
  SAVED_IS_SAFE,
  /** A save covers what it was asked for. */
  SAVE_IS_WHOLE,
  /** Every save is told what became of it, in its time. */
  SAVE_IS_ANSWERED,
  /** A save that waits is kept on the device, or it is said that nothing can be kept there. */
  WAITING_SAVE_IS_KEPT,
  /** What the store has confirmed is there when it is opened again. */
  STORED_IS_KEPT,
  /** A store that cannot be used because it is damaged says so. */
  DAMAGE_IS_NAMED,
  /** Nobody writes under a name that another uses, unless a whole machine was put back. */
  NAMES_ARE_ONES_OWN,
  /** A status that says that all is safe, or stored, says so truly. */
  STATUS_IS_TRUE,
  /** What is shown as fresh is. */
  FRESH_IS_FRESH,
  /** What has caught up is in step. */
  CAUGHT_UP_IS_IN_STEP,
  /** Who listens hears of the last status. */
  LISTENERS_ARE_TOLD,
  /** Who is there is shown, and who is not, is not. */
  ALL_ARE_SEEN,
  /** All come to the same text. */
  ALL_CONVERGE,
  /** All is well again, by itself, once nothing is broken. */
  ALL_RECOVER,
  /** Who can have a WebSocket has one, and who cannot polls, and is not disturbed. */
  WAYS_ARE_FOUND,
  /** What is closed leaves nothing behind. */
  NOTHING_IS_LEFT,
  /** Nothing is thrown that nobody handles. */
  NOTHING_IS_THROWN,
  /** Nothing is logged that the relay calls a fault of its own. */
  NOTHING_IS_AT_FAULT
}
