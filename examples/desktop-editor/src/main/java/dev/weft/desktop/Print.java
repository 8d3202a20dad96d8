package dev.weft.desktop;

import java.awt.Color;
import java.awt.Font;
import java.awt.print.Printable;
import java.awt.print.PrinterException;
import java.awt.print.PrinterJob;
import java.text.MessageFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.print.attribute.HashPrintRequestAttributeSet;
import javax.print.attribute.PrintRequestAttributeSet;
import javax.print.attribute.standard.JobName;
import javax.swing.JTextArea;
import org.jspecify.annotations.Nullable;

/**
 * Prints a document as it is when it is asked for, with its name above and the number of the page
 * below. Confined to the event dispatch thread, which does not wait for a printer.
 */
final class Print {
  private static final int TEXT_POINTS = 10;

  private Print() {}

  /** Asks for a printer, and prints; tells in the tab what came of it. */
  static void ask(EditorTab tab) {
    ask(tab, PrinterJob::getPrinterJob);
  }

  /** As {@link #ask(EditorTab)}, by a job that is made where it may wait for printers to answer. */
  static void ask(EditorTab tab, Supplier<PrinterJob> jobs) {
    tab.pane().notice().show(StatusSign.UNDER_WAY, "Looking for printers.");
    String name = tab.text().documentId().value();
    String text = tab.area().getText();
    EventThreadFutures.then(
        later(
            () -> {
              PrinterJob job = jobs.get();
              // Which printers there are is found out by asking for one, and that may take long.
              return job.getPrintService() == null ? null : job;
            }),
        (job, failure) -> {
          if (job != null) {
            askAndPrint(tab, job, name, text);
          } else {
            tell(tab, failure == null ? "there is no printer on this computer" : reason(failure));
          }
        });
  }

  private static void askAndPrint(EditorTab tab, PrinterJob job, String name, String text) {
    tab.pane().notice().clear();
    PrintRequestAttributeSet wishes = new HashPrintRequestAttributeSet();
    wishes.add(new JobName(name, null));
    Printable pages = pages(name, text);
    job.setJobName(name);
    job.setPrintable(pages);
    if (!job.printDialog(wishes)) {
      return;
    }
    tab.pane().notice().show(StatusSign.UNDER_WAY, "Printing " + name + ".");
    EventThreadFutures.then(
        later(() -> print(job, wishes)),
        (printed, failure) -> {
          if (failure == null) {
            tab.pane()
                .notice()
                .showBriefly(StatusSign.DEVICE, "Given to the printer, as the text was then.");
          } else {
            tell(tab, reason(failure));
          }
        });
  }

  private static boolean print(PrinterJob job, PrintRequestAttributeSet wishes) {
    try {
      job.print(wishes);
      return true;
    } catch (PrinterException e) {
      throw new IllegalStateException(
          e.getMessage() == null ? "the printer failed" : e.getMessage(), e);
    }
  }

  private static void tell(EditorTab tab, String reason) {
    FailureNotice.tell(tab, "Not printed: " + reason + ".");
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /** Does what waits for a printer, in a thread that the process does not wait for. */
  private static <T extends @Nullable Object> CompletableFuture<T> later(Supplier<T> task) {
    return CompletableFuture.supplyAsync(
        task,
        run -> {
          Thread thread = new Thread(run, "weft-editor-print");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /** Returns the pages of a text, black on white whatever the look is. */
  static Printable pages(String name, String text) {
    // Nobody else has this component, so that it may be printed by any one thread.
    JTextArea paper = new JTextArea(text);
    paper.setFont(new Font(Font.MONOSPACED, Font.PLAIN, TEXT_POINTS));
    paper.setForeground(Color.BLACK);
    paper.setBackground(Color.WHITE);
    paper.setLineWrap(true);
    paper.setWrapStyleWord(true);
    paper.setTabSize(4);
    return paper.getPrintable(
        new MessageFormat(quoted(name)), new MessageFormat("Page {0,number,integer}"));
  }

  /** A name may contain what a message format takes for a place of its own. */
  private static String quoted(String name) {
    return "'" + name.replace("'", "''") + "'";
  }
}
