package dev.weft.desktop.binding;

import dev.weft.client.SharedText;
import dev.weft.client.SharedUndo;
import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.TextChange;
import java.awt.Toolkit;
import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.swing.AbstractAction;
import javax.swing.Action;
import javax.swing.InputMap;
import javax.swing.JComponent;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.UIManager;
import javax.swing.text.Caret;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Undo and redo of a bound component: of what was edited here, never of what others wrote. Gives
 * the component the usual keys for it, also where it had its own for the undo that {@link
 * SharedTextBinding} takes off, and two actions for menus and buttons, which are enabled while
 * there is something to do.
 *
 * <pre>{@code
 * SharedTextBinding binding = SharedTextBinding.bind(area, text);
 * UndoActions undo = UndoActions.install(area, text);
 * editMenu.add(undo.undo());
 * editMenu.add(undo.redo());
 * }</pre>
 *
 * <p>What is typed within half a second of the key before is one step. After a step, what was
 * selected before it is selected again. Confined to the event dispatch thread.
 */
public final class UndoActions implements AutoCloseable {
  private static final long STEP_MILLIS = 500;
  private static final String UNDO = "weft-undo";
  private static final String REDO = "weft-redo";

  private final JTextComponent component;
  private final SharedText text;
  private final SharedUndo history;
  private final RefusedEdits refusedEdits;
  private final Step undo;
  private final Step redo;
  private final Subscription subscription;

  private UndoActions(
      JTextComponent component, SharedText text, LongSupplier ticker, RefusedEdits refusedEdits) {
    this.component = component;
    this.text = text;
    this.refusedEdits = refusedEdits;
    history =
        text.undoHistory(
            steps -> steps.groupWithinMillis(STEP_MILLIS, ticker).selection(this::selected));
    undo = new Step("Undo", history::undo);
    redo = new Step("Redo", history::redo);
    int menuKey = Toolkit.getDefaultToolkit().getMenuShortcutKeyMaskEx();
    component.getActionMap().put(UNDO, undo);
    component.getActionMap().put(REDO, redo);
    bind(KeyStroke.getKeyStroke(KeyEvent.VK_Z, menuKey), UNDO);
    bind(KeyStroke.getKeyStroke(KeyEvent.VK_Z, menuKey | InputEvent.SHIFT_DOWN_MASK), REDO);
    bind(KeyStroke.getKeyStroke(KeyEvent.VK_Y, menuKey), REDO);
    subscription = text.observe(this::changed);
    showWhatCanBeDone();
  }

  /**
   * Gives a component its undo and redo, of what is edited from now on. A refused step makes the
   * look and feel's sound of an error.
   *
   * @param component is bound to {@code text}
   * @throws IllegalStateException if not called on the event dispatch thread
   */
  public static UndoActions install(JTextComponent component, SharedText text) {
    return install(
        component,
        text,
        System::nanoTime,
        reason -> UIManager.getLookAndFeel().provideErrorFeedback(component));
  }

  /**
   * Gives a component its undo and redo, of what is edited from now on.
   *
   * @param component is bound to {@code text}
   * @param ticker the monotonic clock, in nanoseconds from any origin, such as {@code
   *     System::nanoTime}
   * @param refusedEdits is told of a step that the shared text refuses; the step can be tried again
   * @throws IllegalStateException if not called on the event dispatch thread
   */
  public static UndoActions install(
      JTextComponent component, SharedText text, LongSupplier ticker, RefusedEdits refusedEdits) {
    SharedTextBinding.requireEventThread();
    return new UndoActions(component, text, ticker, refusedEdits);
  }

  private void bind(KeyStroke key, String name) {
    component.getInputMap(JComponent.WHEN_FOCUSED).put(key, name);
  }

  /** Returns what undoes the last step. */
  public Action undo() {
    return undo;
  }

  /** Returns what redoes the step undone last. */
  public Action redo() {
    return redo;
  }

  /** Ends the step under way: the next edit begins another, however soon it comes. */
  public void endStep() {
    history.endStep();
  }

  /** Is asked under the text's lock, by whoever edits. */
  private @Nullable Selection selected() {
    if (!SwingUtilities.isEventDispatchThread()) {
      return null;
    }
    Caret caret = component.getCaret();
    return new Selection(caret.getMark(), caret.getDot());
  }

  /** Is told under the text's lock, by whoever edited. */
  private void changed(TextChange change) {
    if (change.origin() == TextChange.Origin.LOCAL) {
      // A step is recorded behind the observers of its edit.
      SwingUtilities.invokeLater(this::showWhatCanBeDone);
    }
  }

  private void showWhatCanBeDone() {
    undo.setEnabled(history.canUndo());
    redo.setEnabled(history.canRedo());
  }

  private void select(AnchoredSelection anchored) {
    if (component.getDocument().getProperty(SharedTextBinding.class)
        instanceof SharedTextBinding binding) {
      Selection there = binding.places().inDocument(shared -> Places.in(shared, anchored));
      component.setCaretPosition(there.mark());
      component.moveCaretPosition(there.caret());
    }
  }

  /** Takes the keys and actions away again. The steps are forgotten. */
  @Override
  public void close() {
    SharedTextBinding.requireEventThread();
    subscription.close();
    history.close();
    InputMap keys = component.getInputMap(JComponent.WHEN_FOCUSED);
    KeyStroke[] own = keys.keys();
    if (own != null) {
      for (KeyStroke key : own) {
        if (UNDO.equals(keys.get(key)) || REDO.equals(keys.get(key))) {
          keys.remove(key);
        }
      }
    }
    component.getActionMap().remove(UNDO);
    component.getActionMap().remove(REDO);
    undo.setEnabled(false);
    redo.setEnabled(false);
  }

  /** One of the two actions. */
  private final class Step extends AbstractAction {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<Optional<Selection>> step;

    Step(String name, Supplier<Optional<Selection>> step) {
      super(name);
      this.step = step;
    }

    @Override
    public void actionPerformed(ActionEvent event) {
      if (!component.isEditable()) {
        return;
      }
      try {
        step.get().ifPresent(this::selectLater);
      } catch (RuntimeException reason) {
        SwingUtilities.invokeLater(() -> refusedEdits.refused(reason));
      }
      showWhatCanBeDone();
    }

    /**
     * The component shows the step in an event of its own, which is queued already, as edits of
     * others may be.
     */
    private void selectLater(Selection indexes) {
      AnchoredSelection there = text.read(shared -> AnchoredSelection.of(indexes, shared));
      SwingUtilities.invokeLater(() -> select(there));
    }
  }
}
