package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.desktop.binding.Desk;
import dev.weft.desktop.binding.SharedTextBinding;
import java.awt.datatransfer.Clipboard;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.StringSelection;
import java.awt.datatransfer.Transferable;
import java.util.ArrayList;
import java.util.List;
import javax.swing.TransferHandler;
import javax.swing.text.AbstractDocument;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.DocumentFilter;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Text that is dragged, and what stands in its place meanwhile. */
class TextTransferTest {
  private final Desk desk = new Desk();
  private final List<String> told = new ArrayList<>();
  private final SharedText text = desk.newText();
  private final RSyntaxTextArea area = EventThread.call(RSyntaxTextArea::new);
  private final TextTransfer transfer = new TextTransfer(told::add);
  private SharedTextBinding binding = EventThread.call(() -> SharedTextBinding.bind(area, text));

  @BeforeEach
  void open() {
    text.insert(0, "the words MOVED stay here");
    EventThread.run(() -> area.setTransferHandler(transfer));
  }

  @AfterEach
  void close() {
    EventThread.run(binding::close);
    text.close();
    desk.close();
  }

  private Transferable drag(String words) {
    return EventThread.call(
        () -> {
          int start = area.getText().indexOf(words);
          area.select(start, start + words.length());
          return transfer.createTransferable(area);
        });
  }

  /** What is over an area has its caret stand where it would be dropped. */
  private void drop(Transferable dragged, int offset, int action) {
    EventThread.run(
        () -> {
          area.setCaretPosition(offset);
          boolean taken = transfer.importData(area, dragged);
          transfer.exportDone(area, dragged, taken ? action : TransferHandler.NONE);
        });
    EventThread.settle();
  }

  private void write(int index, String words) {
    text.insert(index, words);
    EventThread.settle();
  }

  private int offsetOf(String words) {
    return EventThread.call(() -> area.getText().indexOf(words));
  }

  private void assertShown(String words) {
    assertThat(EventThread.call(() -> area.getText())).isEqualTo(words);
    assertThat(text.text()).isEqualTo(words);
  }

  @Test
  void shouldMoveWhatIsDraggedElsewhere() {
    drop(drag("MOVED "), 0, TransferHandler.MOVE);
    assertShown("MOVED the words stay here");
    drop(drag("the "), 25, TransferHandler.COPY);
    assertShown("MOVED the words stay herethe ");
    assertThat(told).isEmpty();
  }

  @Test
  void shouldDoNothingWhenTextIsDroppedOnItselfAfterSomebodyWroteAbove() {
    for (int within : new int[] {0, 2, 5}) {
      Transferable dragged = drag("MOVED");
      write(0, "Somebody else writes. ");
      String before = text.text();
      drop(dragged, offsetOf("MOVED") + within, TransferHandler.MOVE);
      assertShown(before);
    }
  }

  /** Where it stood when the drag began, others have made room meanwhile. */
  @Test
  void shouldMoveTextToWhereItStoodBeforeSomebodyWroteAbove() {
    Transferable dragged = drag("MOVED");
    write(0, "Somebody else writes. ");
    drop(dragged, 12, TransferHandler.MOVE);
    assertShown("Somebody elsMOVEDe writes. the words  stay here");
  }

  @Test
  void shouldMoveWhatOthersWriteInTextAlong() {
    Transferable dragged = drag("MOVED");
    write(offsetOf("VED"), "--");
    write(offsetOf("MO"), "<");
    write(offsetOf(" stay"), ">");
    drop(dragged, 0, TransferHandler.MOVE);
    assertShown("MO--VEDthe words <> stay here");
  }

  @Test
  void shouldLeaveTextWhereOthersWroteWhenItIsDroppedElsewhere() {
    Transferable dragged = drag("MOVED");
    write(offsetOf("VED"), "--");
    EventThread.run(() -> transfer.exportDone(area, dragged, TransferHandler.MOVE));
    assertShown("the words MO--VED stay here");
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith("Copied, not moved");
  }

  @Test
  void shouldNotTakeTextAwayThatIsRefusedWhereItIsDropped() {
    EventThread.run(
        () -> {
          binding.close();
          ((AbstractDocument) area.getDocument()).setDocumentFilter(new NothingMore());
          binding = SharedTextBinding.bind(area, text);
        });
    drop(drag("MOVED"), 0, TransferHandler.MOVE);
    assertShown("the words MOVED stay here");
  }

  /** Has a text grow shorter only. */
  private static final class NothingMore extends DocumentFilter {
    @Override
    public void replace(
        FilterBypass content, int offset, int length, String text, AttributeSet attributes)
        throws BadLocationException {
      if (text.isEmpty()) {
        content.remove(offset, length);
      }
    }
  }

  @Test
  void shouldTakeTextOfOthersWhileNothingIsDragged() {
    EventThread.run(() -> area.setCaretPosition(0));
    assertThat(EventThread.call(() -> transfer.importData(area, new StringSelection("All "))))
        .isTrue();
    assertShown("All the words MOVED stay here");
  }

  @Test
  void shouldCutToClipboard() throws Exception {
    Clipboard clipboard = new Clipboard("ours");
    EventThread.run(
        () -> {
          area.select(9, 15);
          transfer.exportToClipboard(area, clipboard, TransferHandler.MOVE);
        });
    assertShown("the words stay here");
    assertThat(clipboard.getData(DataFlavor.stringFlavor)).isEqualTo(" MOVED");
    EventThread.run(() -> transfer.exportToClipboard(area, clipboard, TransferHandler.COPY));
    assertThat(clipboard.getData(DataFlavor.stringFlavor)).isEqualTo(" MOVED");
  }
}
