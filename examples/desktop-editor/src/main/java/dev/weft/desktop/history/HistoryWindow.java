package dev.weft.desktop.history;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.VersionVector;
import dev.weft.desktop.background.BackgroundThread;
import dev.weft.desktop.ranges.RangePainter;
import java.awt.Dialog;
import java.awt.event.KeyEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.swing.DefaultComboBoxModel;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JOptionPane;
import javax.swing.JTextArea;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;
import org.jspecify.annotations.Nullable;

/**
 * A window on the past of a shared text: a slider that shows it at any version, read-only, with who
 * wrote what; versions that have names; and the way back, as a new edit. Confined to the event
 * dispatch thread, which never waits: going back and forth is another thread's, on a copy of the
 * text, one step at a time, and of those asked for meanwhile the newest.
 *
 * <p>It shows the history as it was when it was opened or refreshed, and says how much was written
 * since.
 */
public final class HistoryWindow implements AutoCloseable {
  private final SharedText text;
  private final JTextArea editor;
  private final Supplier<? extends Collection<ReplicaId>> own;
  private final Supplier<Map<ReplicaId, String>> names;
  private final HistoryControls controls;
  private final JDialog dialog;
  private final BackgroundThread worker = new BackgroundThread("weft-history");
  private final HistoryChanges changes;
  private final EditSteps steps;
  private final Subscription subscription;
  private final AtomicBoolean counting = new AtomicBoolean();

  private @Nullable HistoryCopy copy;
  private @Nullable Moment shown;
  private Authors authors = Authors.NONE;
  private AuthorStripes stripes = AuthorStripes.NONE;
  private VersionVector newest = VersionVector.EMPTY;
  private volatile VersionVector counted = VersionVector.EMPTY;

  /** Where to go when the step under way is done; null for nowhere. */
  private @Nullable Function<HistoryCopy, Moment> wished;

  /** Whether the last wish was for the end, which moves on when the history is read again. */
  private boolean endWished;

  private boolean stepping;
  private boolean adjusting;
  private boolean closed;

  /**
   * What is known of a history after it was read.
   *
   * @param newest the version up to which it goes
   */
  private record Extent(
      HistoryCopy copy,
      long first,
      long last,
      VersionVector newest,
      List<Mark> marks,
      Authors authors) {}

  private HistoryWindow(
      JTextArea editor,
      SharedText text,
      Supplier<? extends Collection<ReplicaId>> own,
      Supplier<Map<ReplicaId, String>> names,
      Runnable endUndoStep) {
    this.editor = editor;
    this.text = text;
    this.own = own;
    this.names = names;
    controls = new HistoryControls(new TextThen(() -> stripes));
    controls.text.setFont(editor.getFont());
    steps = new EditSteps(controls, worker);
    dialog =
        new JDialog(
            SwingUtilities.getWindowAncestor(editor),
            "History of " + text.documentId(),
            Dialog.ModalityType.MODELESS);
    dialog.setContentPane(controls);
    changes = new HistoryChanges(dialog, editor, text, endUndoStep, this::tell);
    dialog.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    dialog.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowOpened(WindowEvent event) {
            controls.slider.requestFocusInWindow();
          }

          @Override
          public void windowClosed(WindowEvent event) {
            close();
          }

          @Override
          public void windowActivated(WindowEvent event) {
            countSoon();
          }
        });
    RangePainter unused = RangePainter.install(controls.text, () -> stripes);
    addActions();
    enable();
    subscription = text.observe(change -> countSoon());
    // It has its place before it is on the display: without a window manager there, Java may lose
    // one that is changed just after, and have clicks and tips elsewhere.
    dialog.setSize(dialog.getPreferredSize());
    dialog.setLocationRelativeTo(dialog.getOwner());
    dialog.pack();
    controls.tellWhere("Reading the history...");
    read(() -> HistoryCopy.of(text), null);
  }

  /**
   * Opens a window.
   *
   * @param editor shows {@code text} to be edited
   * @param own reads under which ids this device has ever written the text; called on a thread that
   *     may wait for a disk
   * @param names tells what others called themselves, fit to be shown; as {@code own}
   * @param endUndoStep ends the step of undo that is under way: what is restored is one of its own
   */
  public static HistoryWindow open(
      JTextArea editor,
      SharedText text,
      Supplier<? extends Collection<ReplicaId>> own,
      Supplier<Map<ReplicaId, String>> names,
      Runnable endUndoStep) {
    HistoryWindow window = new HistoryWindow(editor, text, own, names, endUndoStep);
    window.dialog.setVisible(true);
    return window;
  }

  /** Returns the window. */
  public JDialog dialog() {
    return dialog;
  }

  /** Returns whether it is closed, by the person or by {@link #close}. */
  public boolean isClosed() {
    return closed;
  }

  /** Closes the window. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      subscription.close();
      worker.close();
      steps.close();
      dialog.dispose();
      // Whoever opened the window may keep it, and must not keep a copy of a long history by that.
      copy = null;
      shown = null;
    }
  }

  private void addActions() {
    controls.slider.addChangeListener(
        event -> {
          if (!adjusting) {
            long events = controls.slider.getValue();
            want(history -> history.moveTo(events), events == controls.slider.getMaximum());
          }
        });
    controls.first.addActionListener(
        event -> controls.slider.setValue(controls.slider.getMinimum()));
    controls.last.addActionListener(
        event -> controls.slider.setValue(controls.slider.getMaximum()));
    controls.names.addActionListener(
        event -> {
          if (!adjusting && controls.names.getSelectedItem() instanceof Mark mark) {
            want(history -> history.moveTo(mark), false);
          }
        });
    controls.name.addActionListener(event -> change(changes::name));
    controls.restore.addActionListener(event -> change(changes::restore));
    controls.refresh.addActionListener(event -> refresh());
    controls.close.addActionListener(event -> close());
    controls.text.addCaretListener(event -> tellHere());
    // The stripes are mixed with the ground of the look.
    controls.text.addPropertyChangeListener(
        "background", event -> SwingUtilities.invokeLater(this::showAuthorsAgain));
    onKey(KeyEvent.VK_F5, this::refresh);
    onKey(KeyEvent.VK_ESCAPE, this::close);
  }

  private void onKey(int key, Runnable action) {
    dialog
        .getRootPane()
        .registerKeyboardAction(
            event -> action.run(),
            KeyStroke.getKeyStroke(key, 0),
            JComponent.WHEN_IN_FOCUSED_WINDOW);
  }

  private void tellFailure(String what, Throwable failure) {
    tell(HistoryChanges.words(what, failure));
  }

  /** Tells of what became of something confirmed, also when the window is closed already. */
  private void tell(String words) {
    if (closed) {
      JOptionPane.showMessageDialog(editor, words, dialog.getTitle(), JOptionPane.WARNING_MESSAGE);
    } else {
      controls.tellNotice(words);
    }
  }

  // --- Reading the history ---

  /**
   * Reads the history, or what was added to it.
   *
   * @param notice what to tell when it is read, with the newest version shown; null to stay
   */
  private void read(Supplier<HistoryCopy> reading, @Nullable String notice) {
    worker.then(
        () -> {
          HistoryCopy history = reading.get();
          return new Extent(
              history,
              history.first(),
              history.last(),
              history.version(),
              history.marks(),
              new Authors(own.get(), history.replicas(), names.get()));
        },
        (extent, failure) -> {
          if (extent != null) {
            show(extent, notice);
          } else if (failure != null) {
            tellFailure("The history cannot be read", failure);
          }
        });
  }

  private void refresh() {
    HistoryCopy history = copy;
    if (history != null) {
      readAgain(history, endWished ? "" : null);
    }
  }

  private void readAgain(HistoryCopy history, @Nullable String notice) {
    read(
        () -> {
          history.refresh(text);
          return history;
        },
        notice);
  }

  private void show(Extent extent, @Nullable String notice) {
    boolean opened = copy == null;
    copy = extent.copy;
    authors = extent.authors;
    newest = extent.newest;
    counted = extent.newest;
    adjusting = true;
    VersionSlider slider = controls.slider;
    boolean toEnd = opened || notice != null;
    slider.setMaximum(Math.toIntExact(extent.last));
    slider.setMinimum(Math.toIntExact(extent.first));
    slider.setMajorTickSpacing(0);
    if (toEnd) {
      slider.setValue(slider.getMaximum());
    }
    slider.showMarks(extent.marks);
    controls.names.setModel(new DefaultComboBoxModel<>(extent.marks.toArray(new Mark[0])));
    controls.names.setSelectedItem(null);
    adjusting = false;
    if (notice != null && !notice.isEmpty()) {
      controls.tellNotice(notice);
    }
    if (toEnd) {
      want(history -> history.moveTo(extent.last), true);
    } else if (shown != null) {
      showAuthors(shown);
    }
    steps.findIn(extent.copy);
    enable();
    countSoon();
  }

  /** Has the other thread count what was written since. May be called by any thread. */
  private void countSoon() {
    if (counting.compareAndSet(false, true)) {
      worker.execute(
          () -> {
            counting.set(false);
            long since = text.version().eventsSince(counted);
            SwingUtilities.invokeLater(() -> tellBehind(since));
          });
    }
  }

  private void tellBehind(long changes) {
    if (copy != null) {
      controls.tellBehind(
          changes == 0
              ? "Nothing was written since"
              : String.format("%,d %s since", changes, changes == 1 ? "change" : "changes")
                  + " this was read");
      enable();
    }
  }

  // --- Going back and forth ---

  private void want(Function<HistoryCopy, Moment> wish, boolean ofEnd) {
    wished = wish;
    endWished = ofEnd;
    goOn();
  }

  private void goOn() {
    HistoryCopy history = copy;
    Function<HistoryCopy, Moment> wish = wished;
    if (stepping || wish == null || history == null) {
      return;
    }
    wished = null;
    stepping = true;
    worker.then(
        () -> wish.apply(history),
        (moment, failure) -> {
          stepping = false;
          if (moment != null) {
            show(moment);
          } else if (failure != null) {
            tellFailure("That version cannot be shown", failure);
          }
          goOn();
        });
  }

  private void show(Moment moment) {
    controls.text.show(moment);
    shown = moment;
    adjusting = true;
    if (wished == null) {
      controls.slider.setValue(Math.toIntExact(moment.events()));
      if (controls.names.getSelectedItem() instanceof Mark mark
          && !mark.named().version().equals(moment.version())) {
        controls.names.setSelectedItem(null);
      }
    }
    adjusting = false;
    showAuthors(moment);
    enable();
  }

  private void showAuthors(Moment moment) {
    TextThen area = controls.text;
    stripes = new AuthorStripes(moment.authors(), authors, area.getBackground());
    controls.legend.show(moment.units(), authors, area.getBackground());
    area.repaint();
    long events = moment.events();
    String changedBy =
        moment.changedBy() == null ? "the beginning" : "by " + authors.name(moment.changedBy());
    controls.tellWhere(
        String.format("Change %,d of %,d, %s", events, controls.slider.getMaximum(), changedBy));
    tellHere();
  }

  private void showAuthorsAgain() {
    if (shown != null) {
      showAuthors(shown);
    }
  }

  private void tellHere() {
    controls.tellHere("Caret: " + stripes.words(controls.text.getCaretPosition()));
  }

  private boolean isAtEnd() {
    return shown != null && shown.version().equals(newest);
  }

  private void enable() {
    boolean read = copy != null && shown != null;
    int at = controls.slider.getValue();
    controls.first.setEnabled(read && at > controls.slider.getMinimum());
    controls.last.setEnabled(read && at < controls.slider.getMaximum());
    controls.names.setEnabled(read && controls.names.getItemCount() > 0);
    steps.show(read);
    controls.offerName(read && isAtEnd(), read);
    controls.restore.setEnabled(read && !isAtEnd());
    controls.refresh.setEnabled(read);
  }

  // --- What changes the document ---

  private void change(BiConsumer<Moment, Consumer<String>> change) {
    Moment then = shown;
    HistoryCopy history = copy;
    if (then != null && history != null) {
      change.accept(
          then,
          done -> {
            // The button that was pressed is of no use now, and would pass the focus to another.
            controls.slider.requestFocusInWindow();
            readAgain(history, done);
          });
    }
  }
}
