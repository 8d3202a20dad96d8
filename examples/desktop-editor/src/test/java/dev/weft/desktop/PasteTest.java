package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.desktop.binding.Desk;
import dev.weft.desktop.binding.SharedTextBinding;
import dev.weft.store.DocumentId;
import java.awt.Toolkit;
import java.awt.datatransfer.Clipboard;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.StringSelection;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.awt.event.MouseEvent;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import javax.swing.JTextArea;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of text that other programs offer, by a clipboard or dropped. */
@RequiresDisplay
class PasteTest {
  private final Desk desk = new Desk();
  private final EditorPane pane =
      EventThread.call(
          () -> {
            Appearance.setUp(false);
            return new EditorPane(new DocumentId("minutes"), remedy -> {});
          });

  private final Clipboard clipboard = new Clipboard("another program's");
  private final List<RuntimeException> refused = new ArrayList<>();

  /** How often the program that hands over slowly was asked to. */
  private final Semaphore asked = new Semaphore(0);

  private final SharedText text = desk.newText();
  private final SharedTextBinding binding =
      EventThread.call(() -> SharedTextBinding.bind(pane.area(), text, refused::add));

  private boolean drop(Transferable offered) {
    return EventThread.call(
        () -> pane.area().getTransferHandler().importData(pane.area(), offered));
  }

  private void paste(Transferable offered) {
    clipboard.setContents(offered, null);
    EventThread.run(() -> pane.pasting().paste(clipboard));
  }

  @AfterEach
  void close() {
    EventThread.run(pane::close);
    EventThread.run(binding::close);
    text.close();
    desk.close();
  }

  private void awaitText(String wanted) {
    Screen.awaitWords("text \"" + wanted + "\"", pane.area()::getText, wanted::equals);
  }

  private void awaitNotice(String beginning) {
    Screen.awaitWords(
        "notice \"" + beginning + "\"",
        () -> Screen.find(pane, JTextArea.class, "notice").getText(),
        shown -> shown.startsWith(beginning));
  }

  private String notice() {
    return EventThread.call(() -> Screen.find(pane, JTextArea.class, "notice").getText());
  }

  private String text() {
    return EventThread.call(pane.area()::getText);
  }

  @Test
  void shouldPasteTextWithLineFeedsAsLineEnds() {
    paste(new StringSelection("warp\r\nweft\rcloth\n"));
    awaitText("warp\nweft\ncloth\n");
    assertThat(drop(new StringSelection("end\r\n"))).isTrue();
    awaitText("warp\nweft\ncloth\nend\n");
    assertThat(notice()).isEmpty();
  }

  /** Where it was asked for, in the place of what was selected then. */
  @Test
  void shouldLetPersonWriteWhileTextIsAwaited() {
    CountDownLatch handedOver = new CountDownLatch(1);
    EventThread.run(
        () -> {
          pane.area().setText("warp and weft");
          pane.area().select(5, 8);
        });
    paste(
        offered(
            DataFlavor.stringFlavor,
            () -> {
              handedOver.await();
              return "over";
            }));
    EventThread.run(
        () -> {
          pane.area().setCaretPosition(0);
          pane.area().replaceSelection("the ");
        });
    awaitNotice("Pasting: ");
    paste(new StringSelection("two "));
    assertThat(text()).isEqualTo("the warp and weft");
    handedOver.countDown();
    awaitText("the two warp over weft");
    assertThat(notice()).isEmpty();
  }

  /** Pastes what is handed over later, at an offset. */
  private CountDownLatch pasteSlowly(int start, int end, String words) {
    CountDownLatch handedOver = new CountDownLatch(1);
    EventThread.run(() -> pane.area().select(start, end));
    paste(
        offered(
            DataFlavor.stringFlavor,
            () -> {
              asked.release();
              handedOver.await();
              return words;
            }));
    return handedOver;
  }

  private void type(String typed) {
    EventThread.run(() -> pane.area().replaceSelection(typed));
  }

  private void moveCaret(int offset) {
    EventThread.run(() -> pane.area().setCaretPosition(offset));
  }

  @Test
  void shouldPasteBeforeWhatIsTypedThereMeanwhile() {
    type("line: \nsecond line\n");
    CountDownLatch handedOver = pasteSlowly(6, 6, "PASTE");
    type("\n- next");
    handedOver.countDown();
    awaitText("line: PASTE\n- next\nsecond line\n");
    type("!");
    assertThat(text()).isEqualTo("line: PASTE\n- next!\nsecond line\n");
  }

  @Test
  void shouldPasteBeforeWhatIsTypedOverSelectionMeanwhile() {
    type("line: old\n");
    CountDownLatch handedOver = pasteSlowly(6, 9, "PASTE");
    type("new");
    handedOver.countDown();
    awaitText("line: PASTEnew\n");
  }

  @Test
  void shouldLeaveCaretWherePersonHasGoneMeanwhile() {
    type("first\nsecond\nthird");
    CountDownLatch handedOver = pasteSlowly(0, 0, "PASTE");
    moveCaret(18);
    type(" wo");
    handedOver.countDown();
    awaitText("PASTEfirst\nsecond\nthird wo");
    type("rd");
    assertThat(text()).isEqualTo("PASTEfirst\nsecond\nthird word");
  }

  @Test
  void shouldLeaveSelectionThatPersonHasMadeMeanwhile() {
    type("first second");
    CountDownLatch handedOver = pasteSlowly(5, 5, "PASTE");
    EventThread.run(() -> pane.area().select(0, 5));
    handedOver.countDown();
    awaitText("firstPASTE second");
    assertThat(EventThread.call(() -> pane.area().getSelectedText())).isEqualTo("first");
  }

  @Test
  void shouldPasteInOrderAtOnePlace() throws InterruptedException {
    type("warp");
    CountDownLatch first = pasteSlowly(0, 4, "one ");
    // What is on the clipboard by the time that it is read is pasted.
    asked.acquire();
    CountDownLatch second = pasteSlowly(0, 4, "two ");
    first.countDown();
    awaitText("one ");
    second.countDown();
    awaitText("one two ");
    type("three");
    assertThat(text()).isEqualTo("one two three");
  }

  @Test
  void shouldPasteWhereItWasAskedForWhenOthersReplaceInThousandPlaces() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_200; i++) {
      lines.append("teh line ").append(i).append('\n');
    }
    type(lines.toString());
    int place = lines.indexOf("line 600") + 4;
    CountDownLatch handedOver = pasteSlowly(place, place, "PASTE");
    String there = lines.toString();
    text.transact(
        shared -> {
          for (int i = there.lastIndexOf("teh"); i >= 0; i = there.lastIndexOf("teh", i - 1)) {
            shared.replace(i, i + 3, "the");
          }
        });
    handedOver.countDown();
    awaitText(there.replace("teh", "the").replace("line 600", "linePASTE 600"));
  }

  @Test
  void shouldTellWhenPasteIsRefused() {
    type("warp");
    CountDownLatch handedOver = pasteSlowly(0, 0, "PASTE");
    moveCaret(4);
    text.close();
    handedOver.countDown();
    Screen.await("a refusal", () -> !refused.isEmpty());
    assertThat(text()).isEqualTo("warp");
  }

  @Test
  void shouldNotLetPastesPileUp() {
    CountDownLatch handedOver = new CountDownLatch(1);
    Transferable slow =
        offered(
            DataFlavor.stringFlavor,
            () -> {
              handedOver.await();
              return "x";
            });
    for (int i = 0; i < 8; i++) {
      paste(slow);
    }
    // In one event: what is said of slow pastes comes in another, and takes its place.
    EventThread.run(
        () -> {
          paste(slow);
          assertThat(notice()).startsWith("Not pasted: 8 pastes wait");
        });
    handedOver.countDown();
    awaitText("xxxxxxxx");
  }

  @Test
  void shouldPasteNothingIntoTextThatTakesNoEdits() {
    EventThread.run(() -> pane.area().setEditable(false));
    paste(new StringSelection("warp"));
    awaitNotice("Not pasted: the text takes no edits now.");
    assertThat(text()).isEmpty();
  }

  @Test
  void shouldSayThatTextCannotBeHad() {
    Transferable broken =
        offered(
            DataFlavor.stringFlavor,
            () -> {
              throw new IOException("Exception fetching data: ", new IOException("INCR is missed"));
            });
    paste(broken);
    awaitNotice("Not pasted: the other program does not hand over its text (INCR is missed).");
    assertThat(notice()).contains("in parts");
    EventThread.run(() -> pane.notice().clear());
    assertThat(drop(broken)).isFalse();
    assertThat(notice()).startsWith("Not pasted: ");
    assertThat(text()).isEmpty();
  }

  /** Under X11, the program whose text it was may have ended. */
  @Test
  void shouldSayThatThereIsNoTextAnyMore() {
    paste(offered(DataFlavor.stringFlavor, () -> null));
    awaitNotice("Not pasted: ");
  }

  /** Where two lines are made one, nothing is inserted. */
  @Test
  void shouldSayThatLineHasGrownLongWhoseEndWasDeleted() {
    String half = "x".repeat(15_000);
    paste(new StringSelection(half + "\n" + half));
    awaitText(half + "\n" + half);
    EventThread.settle();
    assertThat(notice()).isEmpty();

    EventThread.run(() -> pane.area().getDocument().remove(15_000, 1));
    EventThread.settle();
    assertThat(notice()).startsWith("A line of this text has more than 20,000 characters");
  }

  /** It comes in pieces: none of it is pasted if one is missing. */
  @Test
  void shouldPasteNothingOfTextThatBreaksOff() throws Exception {
    EventThread.run(() -> pane.area().setText("here"));
    InputStream begun = new ByteArrayInputStream("begun".getBytes(StandardCharsets.UTF_8));
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    DataFlavor plain = new DataFlavor("text/plain;charset=utf-8;class=java.io.InputStream");
    paste(offered(plain, () -> new SequenceInputStream(begun, broken)));
    awaitNotice("Not pasted: ");
    assertThat(notice()).contains("(gone)");
    assertThat(text()).isEqualTo("here");
  }

  @Test
  void shouldSayThatThereIsNoText() {
    paste(offered(DataFlavor.imageFlavor, Object::new));
    awaitNotice("Not pasted: no text is offered");
  }

  @Test
  void shouldPasteWhatIsSelectedElsewhereByMiddleButton() {
    EventThread.run(
        () -> {
          pane.area().setText("warp");
          pane.area().setSize(400, 100);
          Toolkit.getDefaultToolkit()
              .getSystemSelection()
              .setContents(new StringSelection(" and weft"), null);
          pane.area()
              .dispatchEvent(
                  new MouseEvent(
                      pane.area(),
                      MouseEvent.MOUSE_CLICKED,
                      0,
                      0,
                      300,
                      10,
                      1,
                      false,
                      MouseEvent.BUTTON2));
        });
    awaitText("warp and weft");
  }

  /** Another program owns the display's clipboard, and hands two million characters over. */
  @Test
  void shouldPasteLongTextOfAnotherProgram() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ClipboardOwner.class.getName(),
                "2000000")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("owned");
      // Whatever this process has put there before, it may not have heard yet that it is replaced.
      Screen.await("the text of the other", () -> lengthOfClipboard() == 2_000_000);
      EventThread.run(pane.area()::paste);
      Screen.await("all", () -> pane.area().getDocument().getLength() == 2_000_000);
      assertThat(text()).isEqualTo(ClipboardOwner.text(2_000_000));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static int lengthOfClipboard() {
    try {
      Object text =
          Toolkit.getDefaultToolkit().getSystemClipboard().getData(DataFlavor.stringFlavor);
      return ((String) text).length();
    } catch (UnsupportedFlavorException | IOException e) {
      return 0; // It is changing hands.
    }
  }

  /** What a program offers, asked for when it is pasted. */
  @FunctionalInterface
  private interface Contents {
    @Nullable Object get() throws IOException, InterruptedException;
  }

  private static Transferable offered(DataFlavor flavor, Contents contents) {
    return new Transferable() {
      @Override
      public DataFlavor[] getTransferDataFlavors() {
        return new DataFlavor[] {flavor};
      }

      @Override
      public boolean isDataFlavorSupported(DataFlavor asked) {
        return flavor.equals(asked);
      }

      @Override
      public @Nullable Object getTransferData(DataFlavor asked) throws IOException {
        try {
          return contents.get();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      }
    };
  }
}
