package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.client.SharedText;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.util.List;
import java.util.Locale;
import javax.swing.JTextArea;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.AbstractDocument;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.DocumentFilter;
import javax.swing.undo.UndoManager;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SharedTextBindingTest {
  @AutoClose private static final Desk desk = new Desk();

  // --- Binding and parting ---

  @Test
  void shouldGiveWayToSharedTextWhenBound() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.text.insert(0, "shared");
      JTextArea second = new JTextArea("something else");

      EventThread.run(() -> SharedTextBinding.bind(second, bound.text));

      assertThat(second.getText()).isEqualTo("shared");
    }
  }

  @Test
  void shouldShowInAllComponentsWhatIsTypedIntoOne() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      JTextArea second = new JTextArea();
      EventThread.run(() -> SharedTextBinding.bind(second, bound.text));

      bound.type("warp");
      EventThread.settle();

      assertThat(second.getText()).isEqualTo("warp");
    }
  }

  @Test
  void shouldPartWhenClosed() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type("warp");
      EventThread.run(bound.binding::close);
      EventThread.run(bound.binding::close);

      bound.type(" typed");
      bound.text.insert(4, " written");
      EventThread.settle();

      assertThat(bound.shown()).isEqualTo("warp typed");
      assertThat(bound.text.text()).isEqualTo("warp written");
    }
  }

  @Test
  void shouldRefuseToBindWhenNotOnEventThread() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      assertThatThrownBy(() -> SharedTextBinding.bind(bound.component, bound.text))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("event dispatch thread");
    }
  }

  @Test
  void shouldRefuseEditWhenNotOnEventThread() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      assertThatThrownBy(() -> bound.component.getDocument().insertString(0, "a", null))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("event dispatch thread");

      assertThat(bound.shown()).isEmpty();
      bound.requireSame();
    }
  }

  @Test
  void shouldRefuseToBindDocumentTwice() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      assertThatThrownBy(
              () -> EventThread.run(() -> SharedTextBinding.bind(bound.component, bound.text)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("bound already");
    }
  }

  // --- Local edits ---

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldBeOneTransactionWhenSelectionIsReplaced(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp and weft");
      List<TextChange> changes = bound.changes();
      bound.select(5, 8);
      bound.type("or");

      assertThat(changes)
          .containsExactly(
              new TextChange(
                  TextChange.Origin.LOCAL, List.of(new Edit(5, 3, ""), new Edit(5, 0, "or"))));
      bound.requireSame();
    }
  }

  @Test
  void shouldShareOnlyWhatDiffersWhenTextIsSetAnew() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type("warp and weft");
      List<TextChange> changes = bound.changes();
      EventThread.run(() -> bound.component.setText("warp and weft and warp"));

      assertThat(changes)
          .containsExactly(
              new TextChange(TextChange.Origin.LOCAL, List.of(new Edit(13, 0, " and warp"))));
      bound.requireSame();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldLeaveBothAsTheyAreWhenEditIsRefused(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp");
      bound.text.close();

      bound.type("x");
      bound.select(0, 2);
      bound.type("y");

      assertThat(bound.shown()).isEqualTo("warp");
      bound.requireSame();
      assertThat(bound.refused).hasSize(2);
      assertThat(bound.refused.get(0)).hasMessageContaining("closed");
    }
  }

  @Test
  void shouldTakeEditBackWhenRefusedByDocumentThatCannotAskFirst() {
    try (Bound bound = new Bound(desk, Kind.OTHER_DOCUMENT)) {
      bound.type("warp");
      bound.text.close();

      bound.type("x");
      EventThread.settle();

      assertThat(bound.shown()).isEqualTo("warp");
      assertThat(bound.refused).hasSize(1);
    }
  }

  @Test
  void shouldKeepCarriageReturns() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.text.insert(0, "one\r\ntwo\rthree");
      EventThread.settle();
      assertThat(bound.shown()).isEqualTo("one\r\ntwo\rthree");

      EventThread.run(() -> bound.component.setCaretPosition(5));
      bound.type("2 ");

      assertThat(bound.text.text()).isEqualTo("one\r\n2 two\rthree");
      bound.requireSame();
    }
  }

  @Test
  void shouldAskFilterOfDocumentBeforeSharedText() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      JTextArea loud = new JTextArea();
      DocumentFilter upperCase = new UpperCase();
      EventThread.run(() -> ((AbstractDocument) loud.getDocument()).setDocumentFilter(upperCase));
      SharedTextBinding second =
          EventThread.call(() -> SharedTextBinding.bind(loud, bound.text, bound.refused::add));

      EventThread.run(() -> loud.replaceSelection("typed "));
      bound.text.insert(0, "others ");
      EventThread.settle();

      assertThat(bound.text.text()).isEqualTo("others TYPED ");
      assertThat(loud.getText()).isEqualTo("others TYPED ");
      EventThread.run(second::close);
      assertThat(((AbstractDocument) loud.getDocument()).getDocumentFilter()).isSameAs(upperCase);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldShareWhatListenerOfDocumentWritesIntoSharedText(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      EventThread.run(
          () -> bound.component.getDocument().addDocumentListener(new Echo(bound.text)));

      bound.type("a");
      EventThread.settle();

      assertThat(bound.text.text()).isEqualTo("a!");
      bound.requireSame();
    }
  }

  @Test
  void shouldTakeComponentsUndoAwayWhileBound() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      JTextArea area = new JTextArea();
      UndoManager undo = new UndoManager();
      EventThread.run(
          () -> {
            area.getDocument().addUndoableEditListener(undo);
            area.setText("before");
          });
      assertThat(undo.canUndo()).isTrue();

      SharedTextBinding second =
          EventThread.call(() -> SharedTextBinding.bind(area, bound.text, bound.refused::add));
      EventThread.run(() -> area.replaceSelection("while"));
      assertThat(undo.canUndo()).isFalse();

      EventThread.run(second::close);
      EventThread.run(() -> area.replaceSelection("after"));
      assertThat(undo.canUndo()).isTrue();
    }
  }

  @Test
  void shouldShareUndoThatComesPastFilter() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      UndoManager undo = new UndoManager();
      EventThread.run(() -> bound.component.getDocument().addUndoableEditListener(undo));
      bound.type("warp");
      bound.type("x");

      EventThread.run(undo::undo);
      EventThread.settle();

      assertThat(bound.text.text()).isEqualTo("warp");
      bound.requireSame();
    }
  }

  @Test
  void shouldShowAllWhenMoreIsWrittenThanMayWait() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      EventThread.run(
          () -> {
            for (int i = 0; i < 10_001; i++) {
              bound.text.insert(i / 2, "a");
            }
          });
      EventThread.settle();

      bound.requireSame();
    }
  }

  /** Writes in capitals. */
  private static final class UpperCase extends DocumentFilter {
    @Override
    public void replace(
        FilterBypass content, int offset, int length, String text, AttributeSet attributes)
        throws BadLocationException {
      content.replace(offset, length, text.toUpperCase(Locale.ROOT), attributes);
    }
  }

  /** Answers each insertion with an exclamation mark, once. */
  private static final class Echo implements DocumentListener {
    private final SharedText text;
    private boolean answered;

    Echo(SharedText text) {
      this.text = text;
    }

    @Override
    public void insertUpdate(DocumentEvent e) {
      if (!answered) {
        answered = true;
        text.insert(text.length(), "!");
      }
    }

    @Override
    public void removeUpdate(DocumentEvent e) {}

    @Override
    public void changedUpdate(DocumentEvent e) {}
  }
}
