package dev.weft.desktop;

/** What a workspace has to do with a relay. */
enum RelayUse {
  /** There is none: being offline is as it should be. */
  NONE,
  /** The person works offline, until they choose to connect. */
  NOT_NOW,
  /** It is connected to, or is to be. */
  WANTED
}
