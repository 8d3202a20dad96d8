package dev.weft.desktop;

import java.awt.event.KeyEvent;

/** What a person can do about how a document stands, offered beside the words that say it. */
enum Remedy {
  /** Connects without waiting for the next attempt. */
  CONNECT("Connect Now", KeyEvent.VK_C, "Connects to the relay without waiting"),

  /** Gives the relay another token. */
  SIGN_IN("Sign In...", KeyEvent.VK_I, "Asks for a token that the relay takes"),

  /** Asks for confirmation again. */
  SAVE_AGAIN("Save Again", KeyEvent.VK_G, "Asks again for confirmation that all is safe"),

  /** Shows the dead letters. */
  SHOW_REFUSED("What Was Refused...", KeyEvent.VK_U, "Shows what the relay did not take, and why"),

  /** Keeps the text where the relay's answer does not matter. */
  EXPORT("Export...", KeyEvent.VK_O, "Writes the text into a file of your own");

  private final String label;
  private final int mnemonic;
  private final String description;

  Remedy(String label, int mnemonic, String description) {
    this.label = label;
    this.mnemonic = mnemonic;
    this.description = description;
  }

  String label() {
    return label;
  }

  /** Returns the key that does it together with Alt. */
  int mnemonic() {
    return mnemonic;
  }

  /** Returns what it does, for a tool tip and a screen reader. */
  String description() {
    return description;
  }
}
