package dev.weft.desktop;

import javax.swing.JOptionPane;

/**
 * Tells that something failed that was asked for in a tab a while ago: in the tab and, where that
 * is closed by now or about to be, in a dialog, which is read all the same. Stateless.
 */
final class FailureNotice {
  private FailureNotice() {}

  static void tell(EditorTab tab, String words) {
    tab.pane().notice().show(StatusSign.REFUSED, words);
    if (tab.isFrozen() || !tab.pane().isDisplayable()) {
      // Of no window: the tab's may close at any moment, and its dialogs with it.
      JOptionPane.showMessageDialog(
          null, words, tab.text().documentId().value(), JOptionPane.WARNING_MESSAGE);
    }
  }
}
