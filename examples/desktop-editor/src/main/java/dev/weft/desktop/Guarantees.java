package dev.weft.desktop;

import dev.weft.client.Guarantee;

/** What a guarantee means, for a person. */
final class Guarantees {
  private Guarantees() {}

  /** Returns where a text of that guarantee is, in a few words. */
  static String briefly(Guarantee guarantee) {
    return switch (guarantee.level()) {
      case DEVICE -> "on this device's disk";
      case FSYNCED -> "written to its disk";
      case REPLICATED -> "on " + guarantee.copies() + " machines";
    };
  }

  /** Returns what the guarantee survives, as the end of a sentence. */
  static String inWords(Guarantee guarantee) {
    return switch (guarantee.level()) {
      case DEVICE -> "on this device's disk: it survives a crash of the device";
      case FSYNCED ->
          "on the relay's disk: it survives a crash of the relay and the loss of this device";
      case REPLICATED ->
          "on the disks of "
              + guarantee.copies()
              + " machines: it survives the loss of one of them";
    };
  }
}
