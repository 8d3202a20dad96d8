package dev.weft.desktop;

import java.net.URI;
import javax.swing.JOptionPane;
import org.jspecify.annotations.Nullable;

/** Says at length how a document stands. Stateless. */
final class StatusExplanation {
  private StatusExplanation() {}

  static void show(EditorTab tab, Workspace workspace) {
    JOptionPane.showMessageDialog(
        tab.pane(),
        Paragraphs.html("Document " + tab.text().documentId(), words(tab, workspace.relay())),
        "What the Status Means",
        JOptionPane.INFORMATION_MESSAGE);
  }

  private static String words(EditorTab tab, @Nullable URI relay) {
    String unsaved = tab.margin().words();
    return tab.words().explanation()
        + (unsaved.isEmpty() ? "" : "\n\n" + unsaved)
        + (relay == null ? "" : "\n\nThe relay is " + relay + ".");
  }
}
