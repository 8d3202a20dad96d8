package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.Selection;
import java.util.EnumSet;
import java.util.Set;
import javax.swing.text.PlainDocument;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final Set<Thread.State> HELD_UP =
      EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TERMINATED);

  @Test
  void shouldReadNothingThatIsWrittenBehindCatchingUp() throws Exception {
    try (Desk desk = new Desk()) {
      SharedText text = desk.newText();
      text.insert(0, "warp weft");
      PlainDocument document = new PlainDocument();
      document.insertString(0, "warp weft", null);
      Thread other = new Thread(() -> text.insert(0, "the "));
      Runnable catchUp =
          () -> {
            other.start();
            while (!HELD_UP.contains(other.getState())) {
              Thread.onSpinWait();
            }
          };
      Places places = new Places(text, new ShownText(document), new UnseenEdits(), catchUp);

      Selection there = places.inDocument(shared -> Selection.caret(shared.text().indexOf("weft")));

      other.join();
      assertThat(there).isEqualTo(Selection.caret(5));
      assertThat(text.text()).isEqualTo("the warp weft");
      text.close();
    }
  }
}
