package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.swing.Action;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UndoActionsTest {
  private static final long A_WHILE = 1_000_000_000L;
  @AutoClose private static final Desk desk = new Desk();

  private final AtomicLong clock = new AtomicLong();

  private UndoActions install(Bound bound) {
    return EventThread.call(
        () -> UndoActions.install(bound.component, bound.text, clock::get, bound.refused::add));
  }

  private void typeAfterAWhile(Bound bound, String typed) {
    clock.addAndGet(A_WHILE);
    bound.type(typed);
  }

  /** Presses a key as the component has it, whatever menu there may be. */
  private static void press(Bound bound, int key, int modifiers) {
    EventThread.run(
        () -> {
          Object name = bound.component.getInputMap().get(KeyStroke.getKeyStroke(key, modifiers));
          Action action = bound.component.getActionMap().get(name);
          action.actionPerformed(
              new ActionEvent(bound.component, ActionEvent.ACTION_PERFORMED, "key"));
        });
    EventThread.settle();
  }

  private static void undo(Bound bound) {
    press(bound, KeyEvent.VK_Z, InputEvent.CTRL_DOWN_MASK);
  }

  private static void write(SharedText text, Consumer<TextDocument> edits) {
    TextDocument other = text.read(document -> document.fork(new ReplicaId(77)));
    edits.accept(other);
    try {
      text.apply(other.changesSince(text.version()));
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
    EventThread.settle();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldTakeBackOwnEditsAndNothingOfOthers(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      UndoActions undo = install(bound);
      typeAfterAWhile(bound, "warp");
      typeAfterAWhile(bound, " and weft");
      write(bound.text, other -> other.insert(4, ", others,"));

      undo(bound);
      assertThat(bound.shown()).isEqualTo("warp, others,");
      undo(bound);
      assertThat(bound.shown()).isEqualTo(", others,");
      assertThat(undo.undo().isEnabled()).isFalse();

      press(bound, KeyEvent.VK_Y, InputEvent.CTRL_DOWN_MASK);
      press(bound, KeyEvent.VK_Z, InputEvent.CTRL_DOWN_MASK | InputEvent.SHIFT_DOWN_MASK);
      assertThat(bound.shown()).isEqualTo("warp, others, and weft");
      assertThat(undo.redo().isEnabled()).isFalse();
      bound.requireSame();
      EventThread.run(undo::close);
    }
  }

  @Test
  void shouldTakeWhatIsTypedInOneGoForOneStep() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      install(bound);
      for (String key : List.of("w", "e", "f", "t")) {
        clock.addAndGet(100_000_000);
        bound.type(key);
      }
      undo(bound);
      assertThat(bound.shown()).isEmpty();
    }
  }

  @Test
  void shouldBeginAnotherStepWhenToldThatOneEnds() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      UndoActions undo = install(bound);
      bound.type("warp");
      EventThread.run(undo::endStep);
      bound.type("weft");
      undo(bound);
      assertThat(bound.shown()).isEqualTo("warp");
    }
  }

  @Test
  void shouldSelectAgainWhatWasSelected() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      install(bound);
      typeAfterAWhile(bound, "warp and weft");
      bound.select(8, 5);
      typeAfterAWhile(bound, "or");
      bound.select(0, 0);
      write(bound.text, other -> other.insert(0, "the "));

      undo(bound);
      assertThat(bound.shown()).isEqualTo("the warp and weft");
      assertThat(EventThread.call(bound.component::getSelectedText)).isEqualTo("and");
      assertThat(EventThread.call(bound.component::getCaretPosition)).isEqualTo(9);
    }
  }

  /**
   * Takes an edit back while others write "0123456789 " before it, and requires that the same text
   * is selected as before the edit.
   *
   * @param event does both, given what takes the edit back
   */
  private void undoWhileOthersWrite(BiConsumer<SharedText, Runnable> event) {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      UndoActions undo = install(bound);
      typeAfterAWhile(bound, "one two three");
      bound.select(7, 7);
      typeAfterAWhile(bound, "XX");
      ActionEvent key = new ActionEvent(bound.component, ActionEvent.ACTION_PERFORMED, "key");
      EventThread.run(() -> event.accept(bound.text, () -> undo.undo().actionPerformed(key)));
      EventThread.settle();

      assertThat(bound.shown()).isEqualTo("0123456789 one two three");
      assertThat(EventThread.call(bound.component::getCaretPosition)).isEqualTo(18);
    }
  }

  @Test
  void shouldSelectTheSameTextWhenEditOfAnotherIsAppliedRightAfterStep() {
    undoWhileOthersWrite(
        (text, undo) -> {
          TextDocument other = text.read(document -> document.fork(new ReplicaId(77)));
          other.insert(0, "0123456789 ");
          byte[] update = other.changesSince(text.version());
          SwingUtilities.invokeLater(() -> EventThread.run(() -> text.apply(update)));
          undo.run();
        });
  }

  /** Which the component does not show yet when the selection is made. */
  @Test
  void shouldSelectTheSameTextWhenAnotherThreadEditsRightAfterStep() {
    undoWhileOthersWrite(
        (text, undo) -> {
          undo.run();
          CompletableFuture.runAsync(() -> text.insert(0, "0123456789 ")).join();
        });
  }

  @Test
  void shouldChangeNothingWhenComponentIsNotEditable() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      install(bound);
      bound.type("warp");
      EventThread.run(() -> bound.component.setEditable(false));
      undo(bound);
      assertThat(bound.shown()).isEqualTo("warp");
    }
  }

  @Test
  void shouldTellWhenStepIsRefused() {
    Bound bound = new Bound(desk, Kind.TEXT_AREA);
    install(bound);
    bound.type("warp");
    bound.text.close();
    undo(bound);
    assertThat(bound.shown()).isEqualTo("warp");
    assertThat(bound.refused).hasSize(1);
    assertThat(bound.refused.get(0)).hasMessageContaining("closed");
    EventThread.run(bound.binding::close);
  }

  @Test
  void shouldGiveKeysBackWhenClosed() {
    try (Bound bound = new Bound(desk, Kind.SYNTAX_AREA)) {
      KeyStroke key = KeyStroke.getKeyStroke(KeyEvent.VK_Z, InputEvent.CTRL_DOWN_MASK);
      Object before = EventThread.call(() -> bound.component.getInputMap().get(key));
      UndoActions undo = install(bound);
      assertThat(EventThread.call(() -> bound.component.getInputMap().get(key)))
          .isNotEqualTo(before);
      bound.type("warp");
      EventThread.run(undo::close);
      assertThat(EventThread.call(() -> bound.component.getInputMap().get(key))).isEqualTo(before);
      assertThat(undo.undo().isEnabled()).isFalse();
    }
  }
}
