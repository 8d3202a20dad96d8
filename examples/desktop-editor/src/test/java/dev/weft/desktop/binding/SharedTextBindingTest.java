package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.awt.event.InputMethodEvent;
import java.awt.font.TextHitInfo;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.swing.JTextArea;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.AbstractDocument;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.DocumentFilter;
import javax.swing.undo.UndoManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SharedTextBindingTest {
  private static final String YARN = "\uD83E\uDDF6";

  private static Desk desk;

  @BeforeAll
  static void open() {
    desk = new Desk();
  }

  @AfterAll
  static void close() {
    desk.close();
  }

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
      List<TextChange> changes = changesFrom(bound);
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
      List<TextChange> changes = changesFrom(bound);
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

  private static List<TextChange> changesFrom(Bound bound) {
    List<TextChange> changes = new ArrayList<>();
    bound.text.observe(changes::add);
    return changes;
  }

  // --- Characters outside of the basic plane ---

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldInsertCharacterWhenItsSecondHalfIsTyped(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp");
      bound.select(0, 4);
      List<TextChange> changes = changesFrom(bound);
      bound.type(YARN.substring(0, 1));
      bound.requireSame();
      bound.type(YARN.substring(1));

      assertThat(bound.shown()).isEqualTo(YARN);
      bound.requireSame();
      assertThat(changes).hasSize(1);
      assertThat(bound.refused).isEmpty();
    }
  }

  @Test
  void shouldTellOfHalfCharacterWhenOtherHalfDoesNotCome() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type(YARN.substring(0, 1));
      bound.type("a");
      bound.type(YARN.substring(1));

      assertThat(bound.shown()).isEqualTo("a");
      bound.requireSame();
      EventThread.settle();
      assertThat(bound.refused).hasSize(2);
      assertThat(bound.refused.get(0)).hasMessageContaining("U+D83E");
      assertThat(bound.refused.get(1)).hasMessageContaining("U+DDF6");
    }
  }

  @Test
  void shouldEditWholeCharacterWhenCaretIsInsideOfIt() {
    try (Bound bound = new Bound(desk, Kind.SYNTAX_AREA)) {
      bound.type("a" + YARN + "b");

      bound.select(2, 2);
      bound.type("x");
      bound.type("y");
      assertThat(bound.shown()).isEqualTo("axy" + YARN + "b");

      bound.select(4, 5);
      bound.type("");
      assertThat(bound.shown()).isEqualTo("axyb");
      bound.requireSame();
      assertThat(bound.refused).isEmpty();
    }
  }

  @Test
  void shouldNotPartCharacterWhenDocumentCannotAskFirst() {
    try (Bound bound = new Bound(desk, Kind.OTHER_DOCUMENT)) {
      bound.text.insert(0, "a" + YARN + "b");
      EventThread.settle();

      bound.select(2, 2);
      bound.type("x");
      EventThread.settle();
      assertThat(bound.text.text()).isEqualTo("ax" + YARN + "b");
      bound.requireSame();

      bound.select(3, 4);
      bound.type("");
      EventThread.settle();
      assertThat(bound.text.text()).isEqualTo("axb");
      bound.requireSame();
    }
  }

  // --- Input methods ---

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldNotShareComposedTextBeforeItIsCommitted(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp ");

      compose(bound, "ni", 0);
      compose(bound, "nihao", 0);
      assertThat(bound.shown()).isEqualTo("warp nihao");
      assertThat(bound.text.text()).isEqualTo("warp ");

      compose(bound, "你好", 2);
      assertThat(bound.text.text()).isEqualTo("warp 你好");
      bound.requireSame();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldShowWhatOthersWriteAroundComposedText(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp weft");
      bound.select(5, 5);
      compose(bound, "ni", 0);

      bound.text.insert(9, " end");
      bound.text.insert(5, "|");
      bound.text.insert(0, "begin ");
      EventThread.settle();
      assertThat(bound.shown()).isEqualTo("begin warp |niweft end");

      bound.text.delete(8, 14);
      EventThread.settle();
      assertThat(bound.shown()).isEqualTo("begin wanift end");

      compose(bound, "你", 1);
      assertThat(bound.text.text()).isEqualTo("begin wa你ft end");
      bound.requireSame();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldShowWhatOthersWriteAtBeginningOnceComposedTextThereIsCommitted(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      compose(bound, "ni", 0);
      bound.text.insert(0, "others ");
      EventThread.settle();
      assertThat(bound.shown()).isEqualTo("ni");

      compose(bound, "你", 1);
      EventThread.settle();

      assertThat(bound.text.text()).contains("你").contains("others ");
      bound.requireSame();
      assertThat(bound.refused).isEmpty();
    }
  }

  @Test
  void shouldShareRestWhenComposedTextIsReplacedWithIt() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type("warp");
      compose(bound, "ni", 0);

      EventThread.run(() -> bound.component.setText("weft"));

      assertThat(bound.text.text()).isEqualTo("weft");
      bound.requireSame();
    }
  }

  private static void compose(Bound bound, String text, int committed) {
    EventThread.run(
        () ->
            bound.component.dispatchEvent(
                new InputMethodEvent(
                    bound.component,
                    InputMethodEvent.INPUT_METHOD_TEXT_CHANGED,
                    new AttributedString(text).getIterator(),
                    committed,
                    TextHitInfo.leading(0),
                    TextHitInfo.leading(0))));
  }

  // --- Caret and selection ---

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldKeepCaretWithCharacterOnItsLeftWhenOthersWrite(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp weft");
      bound.select(4, 4);

      bound.text.insert(4, "s");
      EventThread.settle();
      assertThat(bound.component.getCaretPosition()).isEqualTo(4);

      bound.text.insert(0, "the ");
      EventThread.settle();
      assertThat(bound.component.getCaretPosition()).isEqualTo(8);

      bound.text.delete(2, 10);
      EventThread.settle();
      assertThat(bound.component.getCaretPosition()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldKeepSelectionWhenOthersWriteAtItsEdges(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp and weft");
      bound.select(8, 5);

      bound.text.insert(8, ">");
      bound.text.insert(5, "<");
      bound.text.insert(7, "-");
      EventThread.settle();

      assertThat(bound.component.getSelectedText()).isEqualTo("a-nd");
      assertThat(bound.component.getCaret().getMark()).isEqualTo(10);
      assertThat(bound.component.getCaret().getDot()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldReplaceOnlyWhatIsSelectedWhenAnotherThreadHasJustWrittenAtItsEdges(Kind kind) {
    // A document that cannot ask first deletes and inserts one after the other; what it inserts is
    // refused, as it does not show what the other thread wrote.
    String typed = kind == Kind.OTHER_DOCUMENT ? "" : "or";
    try (Bound bound = new Bound(desk, kind)) {
      for (String before : List.of("", "warp ")) {
        bound.text.transact(shared -> shared.replace(0, shared.length(), before + "and weft"));
        EventThread.settle();
        int start = before.length();
        bound.select(start, start + 3);
        EventThread.run(
            () -> {
              bound.onAnotherThread(text -> text.insert(start + 3, ">"));
              bound.onAnotherThread(text -> text.insert(start, "<"));
              bound.component.replaceSelection(typed);
            });
        EventThread.settle();

        assertThat(bound.text.text()).isEqualTo(before + "<" + typed + "> weft");
        bound.requireSame();
      }
    }
  }

  /** Of a listener of the component, not of its document. */
  @Test
  void shouldTypeAtCaretThoughListenerEditsWhenItIsMovedByWhatAnotherThreadWrote() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type("one two");
      bound.select(3, 3);
      AtomicBoolean edited = new AtomicBoolean();
      EventThread.run(
          () -> {
            bound.component.addCaretListener(
                event -> {
                  if (!bound.binding.isShowing() && !edited.getAndSet(true)) {
                    insert(bound.component.getDocument(), ">>>> ");
                  }
                });
            bound.onAnotherThread(text -> text.insert(3, ", then"));
            bound.component.replaceSelection("!");
          });
      EventThread.settle();

      assertThat(bound.shown()).isEqualTo(">>>> one!, then two");
      bound.requireSame();
    }
  }

  private static void insert(Document document, String words) {
    try {
      document.insertString(0, words, null);
    } catch (BadLocationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldNotSelectWhatReplacesSelection() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type("warp and weft");
      bound.select(5, 8);

      bound.text.transact(
          shared -> {
            shared.delete(5, 8);
            shared.insert(5, "or");
          });
      EventThread.settle();

      assertThat(bound.component.getSelectedText()).isNull();
      assertThat(bound.component.getCaretPosition()).isEqualTo(5);
    }
  }

  @Test
  void shouldKeepCaretWhenOthersWriteMuchAtOnce() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      bound.type("warp weft");
      bound.select(4, 4);

      bound.text.transact(
          shared -> {
            for (int i = 0; i < 2_000; i++) {
              shared.insert(0, "a");
              shared.insert(shared.length(), "z");
            }
          });
      EventThread.settle();

      assertThat(bound.component.getCaretPosition()).isEqualTo(2_004);
      bound.requireSame();
    }
  }

  /** By whoever, in whichever thread. */
  @Test
  void shouldKeepSelectionWhenMoreIsReplacedThanMayWait() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10_100; i++) {
      lines.append("teh line ").append(i).append('\n');
    }
    String before = lines.toString();
    String after = before.replace("teh", "these");
    for (int way = 0; way < 3; way++) {
      try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
        bound.text.insert(0, before);
        EventThread.settle();
        int place = before.indexOf("line 5000");
        bound.select(place, place + 9);
        if (way == 0) {
          bound.text.transact(shared -> replaceAll(shared, before));
        } else if (way == 1) {
          EventThread.run(() -> bound.text.transact(shared -> replaceAll(shared, before)));
        } else {
          TextDocument other = bound.text.read(shared -> shared.fork(new ReplicaId(77)));
          replaceAll(other, before);
          byte[] changes = other.changesSince(bound.text.version());
          EventThread.run(() -> bound.text.apply(changes));
        }
        EventThread.settle();

        assertThat(bound.shown()).isEqualTo(after);
        assertThat(bound.component.getSelectedText()).isEqualTo("line 5000");
        assertThat(bound.component.getSelectionStart()).isEqualTo(after.indexOf("line 5000"));
      }
    }
  }

  private static void replaceAll(TextDocument shared, String before) {
    for (int i = before.lastIndexOf("teh"); i >= 0; i = before.lastIndexOf("teh", i - 1)) {
      shared.replace(i, i + 3, "these");
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
