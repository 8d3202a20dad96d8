package dev.weft.desktop;

import javax.swing.JOptionPane;

/** Says at length how a document stands. Stateless. */
final class StatusExplanation {
  private StatusExplanation() {}

  static void show(EditorTab tab) {
    JOptionPane.showMessageDialog(
        tab.pane(),
        Paragraphs.html("Document " + tab.text().documentId(), tab.words().explanation()),
        "What the Status Means",
        JOptionPane.INFORMATION_MESSAGE);
  }
}
