package dev.weft.desktop;

import java.util.ArrayList;
import java.util.List;
import javax.swing.JOptionPane;

/**
 * Tells that something failed that was asked for in a tab a while ago: in the tab and, where that
 * is closed by now or about to be, in a dialog, which is read all the same. Confined to the event
 * dispatch thread.
 */
final class FailureNotice {
  private static int open;
  private static final List<Runnable> whenRead = new ArrayList<>();

  private FailureNotice() {}

  static void tell(EditorTab tab, String words) {
    tab.pane().notice().show(StatusSign.REFUSED, words);
    if (tab.isFrozen() || !tab.pane().isDisplayable()) {
      showDialog(tab.text().documentId().value(), words);
    }
  }

  /** Tells why not all is stored of what was in a window that is closed. */
  static void tellOfClosed(String words) {
    showDialog("Closed", words);
  }

  private static void showDialog(String title, String words) {
    open++;
    try {
      // Of no window: the tab's may close at any moment, and its dialogs with it.
      JOptionPane.showMessageDialog(null, words, title, JOptionPane.WARNING_MESSAGE);
    } finally {
      open--;
      runWhenRead();
    }
  }

  /** Runs something once no such dialog is open: the process may end with it. */
  static void whenRead(Runnable action) {
    whenRead.add(action);
    runWhenRead();
  }

  private static void runWhenRead() {
    if (open == 0) {
      List<Runnable> actions = List.copyOf(whenRead);
      whenRead.clear();
      actions.forEach(Runnable::run);
    }
  }
}
