package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.TextChange;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.awt.event.InputMethodEvent;
import java.awt.font.TextHitInfo;
import java.text.AttributedString;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Characters of two halves, and text that is composed before it is committed. */
class InputMethodsTest {
  private static final String YARN = "\uD83E\uDDF6";

  @AutoClose private static final Desk desk = new Desk();

  // --- Characters outside of the basic plane ---

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldInsertCharacterWhenItsSecondHalfIsTyped(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      bound.type("warp");
      bound.select(0, 4);
      List<TextChange> changes = bound.changes();
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
}
