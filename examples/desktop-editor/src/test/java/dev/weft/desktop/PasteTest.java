package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.store.DocumentId;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.StringSelection;
import java.awt.datatransfer.Transferable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import javax.swing.JTextArea;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of text that another program offers. */
@RequiresDisplay
class PasteTest {
  private final EditorPane pane =
      EventThread.call(
          () -> {
            Appearance.setUp();
            return new EditorPane(new DocumentId("minutes"), remedy -> {});
          });

  private boolean paste(Transferable offered) {
    return EventThread.call(
        () -> pane.area().getTransferHandler().importData(pane.area(), offered));
  }

  private String notice() {
    return EventThread.call(() -> Screen.find(pane, JTextArea.class, "notice").getText());
  }

  private String text() {
    return EventThread.call(pane.area()::getText);
  }

  @Test
  void shouldPasteTextWithLineFeedsAsLineEnds() {
    assertThat(paste(new StringSelection("warp\r\nweft\n"))).isTrue();
    assertThat(text()).isEqualTo("warp\nweft\n");
    assertThat(notice()).isEmpty();
  }

  @Test
  void shouldSayThatTextCannotBeHad() {
    assertThat(
            paste(
                offered(
                    DataFlavor.stringFlavor,
                    () -> {
                      throw new IOException("INCR data is missed.");
                    })))
        .isFalse();
    assertThat(notice())
        .startsWith("Not pasted: ")
        .contains("(INCR data is missed.)")
        .contains("in parts");
    assertThat(text()).isEmpty();
  }

  /** Under X11, the program whose text it was may have ended. */
  @Test
  void shouldSayThatThereIsNoTextAnyMore() {
    assertThat(paste(offered(DataFlavor.stringFlavor, () -> null))).isFalse();
    assertThat(notice()).startsWith("Not pasted: ");
  }

  /** Where two lines are made one, nothing is inserted. */
  @Test
  void shouldSayThatLineHasGrownLongWhoseEndWasDeleted() {
    String half = "x".repeat(15_000);
    assertThat(paste(new StringSelection(half + "\n" + half))).isTrue();
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
    assertThat(paste(offered(plain, () -> new SequenceInputStream(begun, broken)))).isFalse();
    assertThat(notice()).startsWith("Not pasted: ").contains("(gone)");
    assertThat(text()).isEqualTo("here");
  }

  @Test
  void shouldSayThatThereIsNoText() {
    assertThat(paste(offered(DataFlavor.imageFlavor, Object::new))).isFalse();
    assertThat(notice()).isEqualTo("Not pasted: there is no text in the clipboard.");
  }

  /** What a program offers, asked for when it is pasted. */
  @FunctionalInterface
  private interface Contents {
    @Nullable Object get() throws IOException;
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
        return contents.get();
      }
    };
  }
}
