package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaretAndSelectionTest {
  @AutoClose private static final Desk desk = new Desk();

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
}
