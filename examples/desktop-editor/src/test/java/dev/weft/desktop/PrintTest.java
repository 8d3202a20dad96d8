package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.store.DocumentId;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.awt.print.PageFormat;
import java.awt.print.Pageable;
import java.awt.print.Paper;
import java.awt.print.Printable;
import java.awt.print.PrinterException;
import java.awt.print.PrinterJob;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import javax.print.DocFlavor;
import javax.print.PrintService;
import javax.print.StreamPrintServiceFactory;
import javax.print.attribute.PrintRequestAttributeSet;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JFileChooser;
import javax.swing.JOptionPane;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import javax.swing.filechooser.FileFilter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Printing and exporting: what leaves the editor. */
@RequiresDisplay
class PrintTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private EditorWindow window;
  private SharedText text;

  @BeforeEach
  void open() {
    Workspace workspace = Workspace.open(null, null, directory.resolve("store"), true);
    text = workspace.open(new DocumentId("minutes.2026"));
    window = Windows.open(workspace, text);
    screen.click(window.tab().area());
    Screen.await("focus", () -> window.tab().area().isFocusOwner());
  }

  @AfterEach
  void close() {
    EventThread.run(window::closeUnasked);
    window.closed().join();
  }

  private void awaitNotice(String words) {
    Screen.await(
        "notice " + words,
        () ->
            Screen.find(window.tab().pane(), JTextArea.class, "notice").getText().contains(words));
  }

  // --- Printing ---

  /** The look is dark, the paper is not. */
  @Test
  void shouldPrintNameTextAndNumberOfPage() throws Exception {
    EventThread.run(() -> Appearance.setDark(true));
    String printed =
        "A line that is printed, and goes on beyond the edge of the paper. ".repeat(99);
    Printable pages = EventThread.call(() -> Print.pages("minutes {0} of Ann's", printed));
    PageFormat format = format();
    BufferedImage first = page(pages, format, 0);
    BufferedImage second = page(pages, format, 1);
    EventThread.run(() -> Appearance.setDark(false));

    assertThat(first.getRGB(0, 0)).isEqualTo(Color.WHITE.getRGB());
    int top = (int) format.getImageableY();
    int bottom = (int) (top + format.getImageableHeight());
    assertThat(ink(first, top, top + 30)).as("the name").isGreaterThan(100);
    assertThat(ink(first, top + 60, bottom - 60)).as("the text").isGreaterThan(1_000);
    assertThat(ink(first, bottom - 20, bottom)).as("the page's number").isGreaterThan(20);
    // The name is the same on both pages, the number is not.
    assertThat(rows(second, top, top + 25)).isEqualTo(rows(first, top, top + 25));
    assertThat(rows(second, bottom - 20, bottom)).isNotEqualTo(rows(first, bottom - 20, bottom));
    assertThat(pages.print(first.createGraphics(), format, 99)).isEqualTo(Printable.NO_SUCH_PAGE);
  }

  private static PageFormat format() {
    Paper paper = new Paper();
    paper.setSize(420, 300);
    paper.setImageableArea(20, 20, 380, 260);
    PageFormat format = new PageFormat();
    format.setPaper(paper);
    return format;
  }

  private static BufferedImage page(Printable pages, PageFormat format, int index)
      throws PrinterException, IOException {
    BufferedImage image = new BufferedImage(420, 300, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, 420, 300);
    g.setColor(Color.BLACK);
    assertThat(pages.print(g, format, index)).isEqualTo(Printable.PAGE_EXISTS);
    g.dispose();
    Path pictures = Files.createDirectories(Path.of("target", "screenshots"));
    ImageIO.write(image, "png", pictures.resolve("page-" + (index + 1) + ".png").toFile());
    return image;
  }

  private static int[] rows(BufferedImage image, int top, int bottom) {
    return image.getRGB(0, top, image.getWidth(), bottom - top, null, 0, image.getWidth());
  }

  private static int ink(BufferedImage image, int top, int bottom) {
    int dark = 0;
    for (int color : rows(image, top, bottom)) {
      if ((color & 0xFF) < 128) {
        dark++;
      }
    }
    return dark;
  }

  @Test
  void shouldSayThatThereIsNoPrinter() {
    EventThread.run(() -> Print.ask(window.tab(), () -> new Job(null, () -> true)));
    awaitNotice("Not printed: there is no printer on this computer.");
    screen.picture("no-printer", window.frame());
  }

  @Test
  void shouldPrintCopyOffEventThread() {
    text.insert(0, "warp");
    Job job = new Job(printer(), () -> true);
    EventThread.run(() -> Print.ask(window.tab(), () -> job));
    awaitNotice("Given to the printer");
    assertThat(job.prints).hasValue(1);
    assertThat(job.getJobName()).isEqualTo("minutes.2026");
    assertThat(job.pages).isNotNull();
  }

  @Test
  void shouldPrintNothingWhenNotMeant() {
    Job job = new Job(printer(), () -> false);
    EventThread.run(() -> Print.ask(window.tab(), () -> job));
    Screen.await("asked", () -> job.asked.get() == 1);
    // What is being printed would be told of in the event in which it was asked.
    assertThat(
            EventThread.call(
                () -> Screen.find(window.tab().pane(), JTextArea.class, "notice").getText()))
        .isEmpty();
    assertThat(job.prints).hasValue(0);
  }

  @Test
  void shouldSayWhyPrinterFailed() {
    Job job =
        new Job(printer(), () -> true) {
          @Override
          public void print() throws PrinterException {
            throw new PrinterException("out of paper");
          }
        };
    EventThread.run(() -> Print.ask(window.tab(), () -> job));
    awaitNotice("Not printed: out of paper.");
  }

  private static PrintService printer() {
    return StreamPrintServiceFactory.lookupStreamPrintServiceFactories(
        DocFlavor.SERVICE_FORMATTED.PRINTABLE, "application/postscript")[0]
        .getPrintService(OutputStream.nullOutputStream());
  }

  /** A job for a printer that is not there. */
  private static class Job extends PrinterJob {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger prints = new AtomicInteger();
    private final @Nullable PrintService printer;
    private final BooleanSupplier answer;
    private String name = "";
    volatile @Nullable Printable pages;

    Job(@Nullable PrintService printer, BooleanSupplier answer) {
      this.printer = printer;
      this.answer = answer;
    }

    @Override
    public @Nullable PrintService getPrintService() {
      assertThat(SwingUtilities.isEventDispatchThread()).isFalse();
      return printer;
    }

    @Override
    public boolean printDialog(PrintRequestAttributeSet attributes) {
      return printDialog();
    }

    @Override
    public boolean printDialog() {
      asked.incrementAndGet();
      return answer.getAsBoolean();
    }

    @Override
    public void print(PrintRequestAttributeSet attributes) throws PrinterException {
      assertThat(SwingUtilities.isEventDispatchThread()).isFalse();
      print();
    }

    @Override
    public void print() throws PrinterException {
      page(Objects.requireNonNull(pages));
      prints.incrementAndGet();
    }

    private static void page(Printable pages) throws PrinterException {
      BufferedImage image = new BufferedImage(420, 300, BufferedImage.TYPE_INT_RGB);
      assertThat(pages.print(image.createGraphics(), format(), 0)).isEqualTo(Printable.PAGE_EXISTS);
    }

    @Override
    public void setPrintable(Printable painter) {
      pages = painter;
    }

    @Override
    public void setPrintable(Printable painter, PageFormat format) {
      pages = painter;
    }

    @Override
    public void setPageable(Pageable document) {
      throw new UnsupportedOperationException();
    }

    @Override
    public PageFormat pageDialog(PageFormat page) {
      return page;
    }

    @Override
    public PageFormat defaultPage(PageFormat page) {
      return page;
    }

    @Override
    public PageFormat validatePage(PageFormat page) {
      return page;
    }

    @Override
    public void setCopies(int copies) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getCopies() {
      return 1;
    }

    @Override
    public String getUserName() {
      return "nobody";
    }

    @Override
    public void setJobName(String jobName) {
      name = jobName;
    }

    @Override
    public String getJobName() {
      return name;
    }

    @Override
    public void cancel() {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }

  // --- Exporting ---

  /** Opens the dialog with its key, and chooses a file. */
  private void export(Path file) {
    // Where there is no window manager, nobody gives the focus back when a dialog is closed.
    screen.click(window.tab().area());
    Screen.await("the focus", () -> window.tab().area().isFocusOwner());
    screen.press(KeyEvent.VK_E, KeyEvent.VK_CONTROL);
    JDialog asking = Windows.awaitDialog("Export minutes.2026");
    EventThread.run(
        () -> {
          JFileChooser chooser = (JFileChooser) asking.getContentPane().getComponent(0);
          assertThat(chooser.getDialogType()).isEqualTo(JFileChooser.SAVE_DIALOG);
          // Not "Save", which here is something else.
          assertThat(asking.getRootPane().getDefaultButton())
              .returns("Export", JButton::getText)
              .returns("Export to this file", JButton::getToolTipText);
          chooser.setSelectedFile(new File(file.toString()));
          chooser.approveSelection();
        });
  }

  @Test
  void shouldExportText() throws IOException {
    text.insert(0, "warp \uD83E\uDDF6");
    Path file = directory.resolve("minutes.txt");
    export(file);
    awaitNotice("Exported to " + file);
    assertThat(file).hasContent("warp \uD83E\uDDF6");
    // Nothing is left beside it.
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(file, directory.resolve("store"));
    }
  }

  @Test
  void shouldExportHistoryWhereThatIsChosen() throws Exception {
    text.insert(0, "warp");
    screen.press(KeyEvent.VK_E, KeyEvent.VK_CONTROL);
    JDialog asking = Windows.awaitDialog("Export minutes.2026");
    EventThread.run(
        () -> {
          JFileChooser chooser = (JFileChooser) asking.getContentPane().getComponent(0);
          FileFilter history = chooser.getChoosableFileFilters()[1];
          assertThat(history.getDescription()).contains("with its history");
          chooser.setFileFilter(history);
          assertThat(Screen.find(chooser, JTextField.class).getText())
              .isEqualTo("minutes.2026.weft");
          chooser.setSelectedFile(directory.resolve("minutes").toFile());
          chooser.approveSelection();
        });
    Path file = directory.resolve("minutes.weft");
    awaitNotice("Exported to " + file);
    assertThat(TextDocument.load(new ReplicaId(7), Files.readAllBytes(file)).text())
        .isEqualTo("warp");
  }

  @Test
  void shouldExportWholeHistoryAsItIs() throws IOException {
    text.insert(0, "warp and weft");
    text.delete(4, 13);
    Path file = directory.resolve("minutes.weft");
    export(file);
    awaitNotice("Exported to " + file);
    byte[] snapshot = text.read(TextDocument::snapshot);
    assertThat(file).hasBinaryContent(snapshot);
  }

  @Test
  void shouldReplaceFileOnlyWhenMeant() throws IOException {
    text.insert(0, "warp");
    Path file = Files.writeString(directory.resolve("minutes.txt"), "older");
    export(file);
    JDialog question = Windows.awaitDialog("Replace?");
    EventThread.run(() -> Screen.find(question, JButton.class, "Cancel").doClick());
    EventThread.settle();
    assertThat(file).hasContent("older");

    export(file);
    JDialog again = Windows.awaitDialog("Replace?");
    EventThread.run(() -> Screen.find(again, JButton.class, "Replace").doClick());
    awaitNotice("Exported to " + file);
    assertThat(file).hasContent("warp");
  }

  @Test
  void shouldLetThoseReadExportedFileWhoMayReadOthers() throws IOException {
    Path usual = Files.writeString(directory.resolve("usual.txt"), "usual");
    Path file = directory.resolve("exported.txt");
    EventThread.run(() -> Export.write(window.tab(), window.workspace(), file));
    awaitNotice("Exported to " + file);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void shouldReplaceFileThatLinkLeadsToWithoutLosingItsPermissions() throws IOException {
    Path file = Files.writeString(directory.resolve("old.txt"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path link = Files.createSymbolicLink(directory.resolve("link.txt"), file);
    text.insert(0, "new");
    EventThread.run(() -> Export.write(window.tab(), window.workspace(), link));
    awaitNotice("Exported to " + link);
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw-rw-");
  }

  @Test
  void shouldSayWhyExportFailed() {
    text.insert(0, "warp");
    Path file = directory.resolve("no such folder").resolve("minutes.txt");
    export(file);
    awaitNotice("Not exported to " + file);
    assertThat(file).doesNotExist();
  }

  /** A notice in the tab would go with it, unread. */
  @Test
  void shouldSayInDialogWhyExportFailedOfDocumentThatIsBeingClosed() {
    Path file = directory.resolve("no such folder").resolve("minutes.txt");
    EventThread.run(
        () -> {
          window.open(new DocumentId("agenda"));
          Export.write(window.tab(), window.workspace(), file);
          window.closeTab();
        });

    JDialog told = Windows.awaitDialog("minutes.2026");
    assertThat(EventThread.call(() -> Screen.find(told, JOptionPane.class).getMessage().toString()))
        .startsWith("Not exported to " + file);
    EventThread.run(() -> Screen.find(told, JButton.class, "OK").doClick());
    Screen.await(
        "the other document", () -> window.tab().text().documentId().value().equals("agenda"));
  }

  /** The process may end when the window is closed. */
  @Test
  void shouldNotBeClosedBeforeItIsReadWhyExportFailed() {
    Path file = directory.resolve("no such folder").resolve("minutes.txt");
    EventThread.run(
        () -> {
          Export.write(window.tab(), window.workspace(), file);
          window.closeUnasked();
        });

    JDialog told = Windows.awaitDialog("minutes.2026");
    Screen.await("no window", () -> !window.frame().isDisplayable());
    assertThat(window.closed()).isNotDone();
    EventThread.run(() -> Screen.find(told, JButton.class, "OK").doClick());
    window.closed().join();
  }
}
