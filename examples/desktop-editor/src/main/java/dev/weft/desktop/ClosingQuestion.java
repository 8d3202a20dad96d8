package dev.weft.desktop;

import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.store.DocumentId;
import java.awt.Component;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.swing.JOptionPane;

/**
 * Asks whether to close although something is not safe on the relay, and says what would follow.
 */
final class ClosingQuestion {
  static final String CLOSE = "Close";
  static final String KEEP_OPEN = "Keep Open";

  /** Of so many documents a question speaks one by one, to have room on the screen. */
  private static final int MOST_SHOWN = 6;

  private static final String FORGOTTEN =
      "This is a demonstration: what it wrote is deleted when both editors are closed.";

  private ClosingQuestion() {}

  /**
   * What is not safe of a document.
   *
   * @param what a sentence
   * @param consequence what would become of it, in the same words for all documents it is true of
   */
  record Unsafe(String what, String consequence) {}

  /** Returns what is not safe of a document; empty if all is. */
  static Optional<Unsafe> unsafe(SyncStatus status, Workspace workspace) {
    if (status.degradations().contains(Degradation.STORE_UNAVAILABLE)
        && status.unstoredChanges() > 0) {
      return Optional.of(
          new Unsafe(
              StatusWords.changesAre(status.unstoredChanges())
                  + " not stored on this device, because its store cannot be written.",
              "If you close now, what the relay does not have either is lost."));
    }
    if (!workspace.hasRelay()) {
      return Optional.empty();
    }
    if (status.undurableChanges() > 0) {
      return Optional.of(
          new Unsafe(
              StatusWords.changesAre(status.undurableChanges())
                  + " not known to be saved on the relay.",
              workspace.isKept()
                  ? "If you close now, everything is kept on this device, in\n"
                      + workspace.directory()
                      + ",\nand "
                      + whenOpenedAgain(status)
                  : FORGOTTEN));
    }
    if (status.saves() == Saves.SAVING) {
      return Optional.of(
          new Unsafe(
              "The relay has not confirmed your save.",
              workspace.isKept()
                  ? "If you close now, the save is kept on this device and goes on when you open the"
                      + " document again."
                  : FORGOTTEN));
    }
    return Optional.empty();
  }

  /** Says what becomes of what the relay lacks, behind "and". */
  static String whenOpenedAgain(SyncStatus status) {
    return status.saves() == Saves.REFUSED
        ? "the relay refuses what it lacks: " + StatusWords.reason(status.refusal()) + "."
        : "what the relay lacks is sent when it is opened again.";
  }

  /** Asks if there is anything to ask about some documents; returns whether to close them. */
  static boolean isClosingMeant(Component parent, List<EditorTab> tabs) {
    Map<DocumentId, Unsafe> unsafe = new LinkedHashMap<>();
    for (EditorTab tab : tabs) {
      tab.unsafe().ifPresent(found -> unsafe.put(tab.text().documentId(), found));
    }
    return unsafe.isEmpty() || isClosingMeant(parent, words(unsafe, tabs.size() > 1));
  }

  /**
   * Returns the question: what is not safe, document by document, and behind those that share it
   * what would become of it.
   *
   * @param named whether to say which document it is
   */
  static String words(Map<DocumentId, Unsafe> unsafe, boolean named) {
    Map<String, List<String>> byConsequence = new LinkedHashMap<>();
    int count = 0;
    for (Map.Entry<DocumentId, Unsafe> each : unsafe.entrySet()) {
      String what = (named ? each.getKey() + ": " : "") + each.getValue().what;
      List<String> lines =
          byConsequence.computeIfAbsent(each.getValue().consequence, none -> new ArrayList<>());
      if (count++ < MOST_SHOWN) {
        lines.add(what);
      }
    }
    List<String> parts = new ArrayList<>();
    byConsequence.forEach(
        (consequence, lines) -> {
          lines.add(lines.isEmpty() ? "Of the others: " + consequence : consequence);
          parts.add(String.join("\n", lines));
        });
    int more = count - MOST_SHOWN;
    if (more > 0) {
      parts.add(
          0,
          "Not all is safe of "
              + count
              + " documents, of which these are the first "
              + MOST_SHOWN
              + ".");
    }
    return String.join("\n\n", parts);
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
