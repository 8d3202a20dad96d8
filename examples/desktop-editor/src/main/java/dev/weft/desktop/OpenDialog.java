package dev.weft.desktop;

import dev.weft.store.DocumentId;
import java.awt.BorderLayout;
import java.awt.Dialog;
import java.awt.FlowLayout;
import java.awt.event.KeyAdapter;
import java.awt.event.KeyEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.List;
import java.util.Locale;
import javax.swing.BorderFactory;
import javax.swing.DefaultListModel;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.KeyStroke;
import javax.swing.ListSelectionModel;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the name of a document to open or to create, and shows which there are on this device.
 * Confined to the event dispatch thread.
 */
final class OpenDialog {
  private final EditorWindow window;
  private final JDialog dialog;
  private final JTextField name = new JTextField(28);
  private final DefaultListModel<DocumentId> shown = new DefaultListModel<>();
  private final JList<DocumentId> list = new JList<>(shown);
  private final JTextArea problem = new JTextArea(3, 28);
  private List<DocumentId> documents = List.of();
  private boolean choosing;

  private OpenDialog(EditorWindow window) {
    this.window = window;
    dialog = new JDialog(window.frame(), "Open", Dialog.ModalityType.DOCUMENT_MODAL);
    JButton open = new JButton("Open");
    JButton cancel = new JButton("Cancel");
    open.addActionListener(event -> open());
    cancel.addActionListener(event -> dialog.dispose());
    dialog.getRootPane().setDefaultButton(open);
    dialog
        .getRootPane()
        .registerKeyboardAction(
            event -> dialog.dispose(),
            KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0),
            JComponent.WHEN_IN_FOCUSED_WINDOW);
    JLabel label = new JLabel("Name of the document, a new one to create it:");
    label.setDisplayedMnemonic(KeyEvent.VK_N);
    label.setLabelFor(name);
    name.setName("document name");
    problem.setName("problem");
    problem.setLineWrap(true);
    problem.setWrapStyleWord(true);
    problem.setEditable(false);
    problem.setFocusable(false);
    problem.setOpaque(false);
    problem.setFont(label.getFont());
    prepareList();
    JPanel head = new JPanel(new BorderLayout(0, 4));
    head.add(label, BorderLayout.NORTH);
    head.add(name, BorderLayout.CENTER);
    head.add(problem, BorderLayout.SOUTH);
    JPanel foot = new JPanel(new FlowLayout(FlowLayout.TRAILING));
    foot.add(open);
    foot.add(cancel);
    JPanel content = new JPanel(new BorderLayout(0, 8));
    content.setBorder(BorderFactory.createEmptyBorder(12, 12, 8, 12));
    content.add(head, BorderLayout.NORTH);
    content.add(here(), BorderLayout.CENTER);
    content.add(foot, BorderLayout.SOUTH);
    dialog.setContentPane(content);
    name.getDocument().addDocumentListener(new Typing());
    dialog.pack();
    dialog.setLocationRelativeTo(window.frame());
  }

  /** Asks, and opens what is named. */
  static void ask(EditorWindow window) {
    OpenDialog asking = new OpenDialog(window);
    EventThreadFutures.then(
        window.workspace().onDisk(window.workspace()::documents), asking::showDocuments);
    asking.dialog.setVisible(true);
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
      problem.setText("Which documents there are cannot be read: " + failure.getMessage());
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
      dialog.dispose();
      window.open(new DocumentId(named));
    } else {
      problem.setText(wrong);
      problem.getAccessibleContext().setAccessibleName("Problem: " + wrong);
      name.requestFocusInWindow();
    }
  }

  private final class Typing implements DocumentListener {
    @Override
    public void insertUpdate(DocumentEvent event) {
      typed();
    }

    @Override
    public void removeUpdate(DocumentEvent event) {
      typed();
    }

    @Override
    public void changedUpdate(DocumentEvent event) {
      typed();
    }

    private void typed() {
      problem.setText("");
      if (!choosing) {
        filter();
      }
    }
  }
}
