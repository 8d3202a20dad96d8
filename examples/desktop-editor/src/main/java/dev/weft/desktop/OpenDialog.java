package dev.weft.desktop;

import dev.weft.desktop.ranges.RangeEdits;
import dev.weft.store.DocumentId;
import java.awt.BorderLayout;
import java.awt.event.KeyAdapter;
import java.awt.event.KeyEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.List;
import java.util.Locale;
import javax.swing.DefaultListModel;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextField;
import javax.swing.ListSelectionModel;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the name of a document to open or to create, and shows which there are on this device.
 * Confined to the event dispatch thread.
 */
final class OpenDialog {
  private final EditorWindow window;
  private final AskingDialog dialog;
  private final JTextField name = new JTextField(28);
  private final DefaultListModel<DocumentId> shown = new DefaultListModel<>();
  private final JList<DocumentId> list = new JList<>(shown);
  private List<DocumentId> documents = List.of();
  private boolean choosing;

  private OpenDialog(EditorWindow window) {
    this.window = window;
    JLabel label = new JLabel("Name of the document, a new one to create it:");
    label.setDisplayedMnemonic(KeyEvent.VK_N);
    name.setName("document name");
    dialog = new AskingDialog(window.frame(), "Open", label, name, "Open", this::open);
    prepareList();
    dialog.setChoice(here());
    RangeEdits typing = (offset, removed, inserted) -> typed();
    name.getDocument().addDocumentListener(typing);
  }

  /** Asks, and opens what is named. */
  static void ask(EditorWindow window) {
    OpenDialog asking = new OpenDialog(window);
    EventThreadFutures.then(
        window.workspace().onDisk(window.workspace()::documents), asking::showDocuments);
    asking.dialog.ask();
  }

  private JPanel here() {
    JLabel label = new JLabel("Documents on this device:");
    label.setDisplayedMnemonic(KeyEvent.VK_D);
    label.setLabelFor(list);
    JPanel here = new JPanel(new BorderLayout(0, 4));
    here.add(label, BorderLayout.NORTH);
    here.add(new JScrollPane(list), BorderLayout.CENTER);
    return here;
  }

  private void prepareList() {
    list.setName("documents here");
    list.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
    list.setVisibleRowCount(10);
    list.getAccessibleContext().setAccessibleName("Documents on this device");
    list.addListSelectionListener(
        event -> {
          if (list.getSelectedValue() != null) {
            choosing = true;
            name.setText(list.getSelectedValue().value());
            choosing = false;
          }
        });
    list.addMouseListener(
        new MouseAdapter() {
          @Override
          public void mouseClicked(MouseEvent event) {
            if (event.getClickCount() == 2) {
              open();
            }
          }
        });
    // From the name one goes down into the list.
    name.addKeyListener(
        new KeyAdapter() {
          @Override
          public void keyPressed(KeyEvent event) {
            if (event.getKeyCode() == KeyEvent.VK_DOWN && !shown.isEmpty()) {
              list.requestFocusInWindow();
              list.setSelectedIndex(0);
            }
          }
        });
  }

  private void showDocuments(@Nullable List<DocumentId> found, @Nullable Throwable failure) {
    if (found != null) {
      documents = found;
      filter();
    } else if (failure != null) {
      dialog.tell("Which documents there are cannot be read: " + failure.getMessage());
    }
  }

  /** Shows those whose name contains what is typed. */
  private void filter() {
    String part = name.getText().strip().toLowerCase(Locale.ROOT);
    shown.clear();
    for (DocumentId document : documents) {
      if (document.value().toLowerCase(Locale.ROOT).contains(part)) {
        shown.addElement(document);
      }
    }
  }

  private void open() {
    String named = name.getText().strip();
    String wrong = DocumentNames.whatIsWrongWith(named);
    if (wrong.isEmpty()) {
      dialog.close();
      window.open(new DocumentId(named));
    } else {
      dialog.refuse(wrong);
    }
  }

  private void typed() {
    dialog.tell("");
    if (!choosing) {
      filter();
    }
  }
}
