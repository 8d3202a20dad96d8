package dev.weft.desktop;

import javax.swing.JOptionPane;

/** Says at length how a document stands. Stateless. */
final class StatusExplanation {
  private StatusExplanation() {}

  static void show(EditorTab tab, Workspace workspace) {
    JOptionPane.showMessageDialog(
        tab.pane(),
        Paragraphs.html(
            "Document " + tab.text().documentId(), words(tab, workspace.whereRelayIs())),
        "What the Status Means",
        JOptionPane.INFORMATION_MESSAGE);
  }

  private static String words(EditorTab tab, String whereRelayIs) {
    String unsaved = tab.margin().words();
    return tab.words().explanation()
        + (unsaved.isEmpty() ? "" : "\n\n" + unsaved)
        + (whereRelayIs.isEmpty() ? "" : "\n\n" + whereRelayIs);
  }
}
