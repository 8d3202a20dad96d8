package dev.weft.desktop;

import dev.weft.store.DeadLetter;
import java.awt.Component;
import java.awt.Dimension;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.swing.JOptionPane;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import org.jspecify.annotations.Nullable;

/**
 * Shows what the relay refused of a document and why, and what can be done. Confined to the event
 * dispatch thread.
 */
final class RefusedEditsDialog {
  static final String TRY_AGAIN = "Try Again";

  private static final int MOST_SHOWN = 50;

  private RefusedEditsDialog() {}

  /** Those of which it is shown, or soon will be: once is enough. */
  private static final Set<EditorTab> SHOWN = new HashSet<>();

  /** Shows it as soon as it is known what was refused. */
  static void show(EditorTab tab, Workspace workspace) {
    if (!SHOWN.add(tab)) {
      return;
    }
    List<DeadLetter> letters = tab.text().deadLetters();
    List<DeadLetter> shown = letters.subList(0, Math.min(MOST_SHOWN, letters.size()));
    EventThreadFutures.then(
        workspace.onDisk(() -> RefusedEdits.inWords(tab.text(), shown)),
        (edits, failure) -> {
          try {
            show(tab, words(letters, edits == null ? List.of() : edits, failure));
          } finally {
            SHOWN.remove(tab);
          }
        });
  }

  private static void show(EditorTab tab, String said) {
    JTextArea words = new JTextArea(said);
    words.setName("refused");
    words.setEditable(false);
    words.setLineWrap(true);
    words.setWrapStyleWord(true);
    words.getAccessibleContext().setAccessibleName("What was refused");
    JScrollPane scroll = new JScrollPane(words);
    scroll.setPreferredSize(new Dimension(520, 260));
    if (isTryingAgainMeant(tab.pane(), scroll)) {
      tab.text().retryRefused();
    }
  }

  private static boolean isTryingAgainMeant(Component parent, Component message) {
    Object[] answers = {TRY_AGAIN, "Close"};
    int answer =
        JOptionPane.showOptionDialog(
            parent,
            message,
            "What Was Refused",
            JOptionPane.YES_NO_OPTION,
            JOptionPane.PLAIN_MESSAGE,
            null,
            answers,
            answers[1]);
    return answer == 0;
  }

  private static String words(
      List<DeadLetter> letters, List<String> edits, @Nullable Throwable failure) {
    if (letters.isEmpty()) {
      return "Nothing is refused any more.";
    }
    DateTimeFormatter time =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM).withZone(ZoneId.systemDefault());
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < Math.min(MOST_SHOWN, letters.size()); i++) {
      DeadLetter letter = letters.get(i);
      words
          .append(i < edits.size() ? edits.get(i) : "What it was cannot be shown: " + failure)
          .append("\n\nRefused on ")
          .append(time.format(letter.refusedAt()))
          .append(" by this machine's clock: ")
          .append(letter.reason())
          .append(" (")
          .append(letter.code())
          .append(")\n")
          .append(
              letter.holdsBack()
                  ? "What you wrote later is sent only after it.\n\n"
                  : "Nothing waits for it.\n\n");
    }
    if (letters.size() > MOST_SHOWN) {
      words.append("And ").append(letters.size() - MOST_SHOWN).append(" more.\n\n");
    }
    return words
        .append(
            "It is in the text here and kept on this device; the others do not see it. Try again")
        .append(
            " if the reason is gone. To keep what you wrote in any case, export the text. To give")
        .append(" it up, close the document and use 'weft dead-letters'.")
        .toString();
  }
}
