package dev.weft.desktop;

import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Saves;
import java.awt.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.swing.JOptionPane;

/**
 * Asks whether to close although something is not safe on the relay, and says what would follow.
 */
final class ClosingQuestion {
  static final String CLOSE = "Close";
  static final String KEEP_OPEN = "Keep Open";

  /** About how many documents a question speaks, to have room on the screen. */
  private static final int MOST_SHOWN = 4;

  private static final String FORGOTTEN =
      "This is a demonstration: what it wrote is deleted when both editors are closed.";

  private ClosingQuestion() {}

  /** Returns what to ask; empty if there is nothing to ask. */
  static Optional<String> words(SyncStatus status, Workspace workspace) {
    if (status.degradations().contains(Degradation.STORE_UNAVAILABLE)
        && status.unstoredChanges() > 0) {
      return Optional.of(
          StatusWords.changesAre(status.unstoredChanges())
              + " not stored on this device, because its store cannot be written.\n"
              + "If you close now, what the relay does not have either is lost.");
    }
    if (!workspace.hasRelay()) {
      return Optional.empty();
    }
    if (status.undurableChanges() > 0) {
      return Optional.of(
          StatusWords.changesAre(status.undurableChanges())
              + " not known to be saved on the relay.\n"
              + (workspace.isKept()
                  ? "If you close now, all of the text is kept on this device, in\n"
                      + workspace.directory()
                      + ",\nand what the relay lacks is sent when you open the document again."
                  : FORGOTTEN));
    }
    if (status.saves() == Saves.SAVING) {
      return Optional.of(
          "The relay has not confirmed your save.\n"
              + (workspace.isKept()
                  ? "If you close now, the save is kept on this device and goes on when you open the"
                      + " document again."
                  : FORGOTTEN));
    }
    return Optional.empty();
  }

  /** Asks if there is anything to ask about some documents; returns whether to close them. */
  static boolean isClosingMeant(Component parent, List<EditorTab> tabs) {
    List<String> words = new ArrayList<>();
    for (EditorTab tab : tabs) {
      tab.closingQuestion()
          .ifPresent(
              question ->
                  words.add(
                      tabs.size() == 1 ? question : tab.text().documentId() + ": " + question));
    }
    return words.isEmpty() || isClosingMeant(parent, together(words));
  }

  private static String together(List<String> words) {
    String first = String.join("\n\n", words.subList(0, Math.min(MOST_SHOWN, words.size())));
    int more = words.size() - MOST_SHOWN;
    return more <= 0
        ? first
        : first + "\n\nNot all is safe of " + more + " more document" + (more == 1 ? "." : "s.");
  }

  private static boolean isClosingMeant(Component parent, String words) {
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
