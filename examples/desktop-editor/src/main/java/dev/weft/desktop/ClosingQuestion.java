package dev.weft.desktop;

import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Saves;
import java.awt.Component;
import java.util.Optional;
import javax.swing.JOptionPane;

/**
 * Asks whether to close although something is not safe on the relay, and says what would follow.
 */
final class ClosingQuestion {
  static final String CLOSE = "Close";
  static final String KEEP_OPEN = "Keep Open";

  private static final String FORGOTTEN =
      "This is a demonstration: what it wrote is deleted when both editors are closed.";

  private ClosingQuestion() {}

  /** Returns what to ask; empty if there is nothing to ask. */
  static Optional<String> words(SyncStatus status, OpenDocument document) {
    if (status.degradations().contains(Degradation.STORE_UNAVAILABLE)
        && status.unstoredChanges() > 0) {
      return Optional.of(
          StatusWords.changesAre(status.unstoredChanges())
              + " not stored on this device, because its store cannot be written.\n"
              + "If you close now, what the relay does not have either is lost.");
    }
    if (!document.hasRelay()) {
      return Optional.empty();
    }
    if (status.undurableChanges() > 0) {
      return Optional.of(
          StatusWords.changesAre(status.undurableChanges())
              + " not known to be saved on the relay.\n"
              + (document.isKept()
                  ? "If you close now, all of the text is kept on this device, in\n"
                      + document.directory()
                      + ",\nand what the relay lacks is sent when you open the document again."
                  : FORGOTTEN));
    }
    if (status.saves() == Saves.SAVING) {
      return Optional.of(
          "The relay has not confirmed your save.\n"
              + (document.isKept()
                  ? "If you close now, the save is kept on this device and goes on when you open the"
                      + " document again."
                  : FORGOTTEN));
    }
    return Optional.empty();
  }

  /** Asks; returns whether to close. */
  static boolean isClosingMeant(Component parent, String words) {
    Object[] answers = {CLOSE, KEEP_OPEN};
    int answer =
        JOptionPane.showOptionDialog(
            parent,
            words,
            "Close?",
            JOptionPane.YES_NO_OPTION,
            JOptionPane.WARNING_MESSAGE,
            null,
            answers,
            KEEP_OPEN);
    return answer == 0;
  }
}
