package dev.weft.desktop.history;

import dev.weft.client.SharedText;
import dev.weft.desktop.background.BackgroundThread;
import java.awt.Component;
import java.util.function.Consumer;
import javax.swing.JOptionPane;
import javax.swing.text.JTextComponent;

/**
 * What changes a document from a window on its history: a version gets a name, or the text becomes
 * what it was. Each is confirmed by the person, and then done by another thread, also when the
 * window is closed meanwhile. Confined to the event dispatch thread.
 */
final class HistoryChanges {
  private final Component parent;
  private final JTextComponent editor;
  private final SharedText text;
  private final Runnable endUndoStep;
  private final Consumer<String> teller;

  /** Never closed: what a person has confirmed is done, whether the window stays open or not. */
  private final BackgroundThread edits = new BackgroundThread("weft-history-edits");

  /**
   * Creates what changes a document.
   *
   * @param parent asks the person
   * @param editor shows {@code text} to be edited; while it takes no edits, nothing is changed
   * @param endUndoStep ends the step of undo that is under way: what is restored is one of its own
   * @param teller is told what was not done, and why
   */
  HistoryChanges(
      Component parent,
      JTextComponent editor,
      SharedText text,
      Runnable endUndoStep,
      Consumer<String> teller) {
    this.parent = parent;
    this.editor = editor;
    this.text = text;
    this.endUndoStep = endUndoStep;
    this.teller = teller;
  }

  /**
   * Asks for a name and gives it to the present version, if that is still the present one then.
   *
   * @param done is told in words that it was done
   */
  void name(Moment present, Consumer<String> done) {
    if (!requireEditable()) {
      return;
    }
    String name =
        JOptionPane.showInputDialog(
            parent,
            "Name of this version, for all who have the document:",
            "Name This Version",
            JOptionPane.QUESTION_MESSAGE);
    // It may have become read-only while the person was asked.
    if (name == null || name.isBlank() || !requireEditable()) {
      return;
    }
    edits.then(
        () -> nameIfPresent(present, name.strip()),
        (named, failure) -> {
          if (failure != null) {
            teller.accept(words("Not named", failure));
          } else if (Boolean.TRUE.equals(named)) {
            done.accept("Named \"" + name.strip() + "\".");
          } else {
            teller.accept(
                "Not named: the text was changed since. Refresh, look at it, and name it then.");
          }
        });
  }

  private boolean nameIfPresent(Moment present, String name) {
    boolean[] named = {false};
    text.transact(
        document -> {
          named[0] = document.version().equals(present.version());
          if (named[0]) {
            document.nameVersion(name);
          }
        });
    return named[0];
  }

  /**
   * Makes the text what it was then, if that is meant, as a new edit.
   *
   * @param done is told in words that it was done
   */
  void restore(Moment then, Consumer<String> done) {
    // It may have become read-only while the person was asked.
    if (!requireEditable() || !isRestoringMeant(then) || !requireEditable()) {
      return;
    }
    endUndoStep.run();
    edits.then(
        () -> {
          text.transact(document -> document.revertTo(then.version()));
          return true;
        },
        (made, failure) -> {
          endUndoStep.run();
          if (failure == null) {
            done.accept("Restored, as a new edit. Undo in the editor takes it back.");
          } else {
            teller.accept(words("Not restored", failure));
          }
        });
  }

  private boolean isRestoringMeant(Moment then) {
    Object[] answers = {"Restore", "Cancel"};
    int answer =
        JOptionPane.showOptionDialog(
            parent,
            String.format(
                """
                The text becomes what it was after change %,d, for all who have the document.
                What was written since is taken out of it, also what others wrote.
                It is a new edit: nothing of the history is lost, and undo takes it back.""",
                then.events()),
            "Restore?",
            JOptionPane.YES_NO_OPTION,
            JOptionPane.WARNING_MESSAGE,
            null,
            answers,
            answers[1]);
    return answer == 0;
  }

  private boolean requireEditable() {
    if (!editor.isEditable()) {
      teller.accept("The text takes no edits now.");
    }
    return editor.isEditable();
  }

  /** Says what was not done, and why. */
  static String words(String what, Throwable failure) {
    return what + ": " + (failure.getMessage() == null ? failure : failure.getMessage());
  }
}
