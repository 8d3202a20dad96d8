package dev.weft.bench.window;

import dev.weft.bench.ChildProcess;
import dev.weft.bench.CollectorPauses;
import dev.weft.bench.Measurements;
import dev.weft.bench.RelayProcess;
import dev.weft.bench.ScratchDirectory;
import dev.weft.bench.latency.Percentiles;
import dev.weft.bench.peers.TextTable;
import dev.weft.desktop.DesktopEditor;
import dev.weft.store.DocumentId;
import java.awt.Component;
import java.awt.Container;
import java.awt.EventQueue;
import java.awt.Toolkit;
import java.awt.Window;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import javax.swing.text.Element;
import javax.swing.text.JTextComponent;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Types in a real window while others write the same long document through a relay. */
@Command(
    name = "window",
    description = {
      "Opens the desktop editor on a long document at a relay in a process of its own,",
      "has others write it from a third process, and types: how long a key keeps the",
      "event thread, and how long it takes until it is painted. Needs a display, such",
      "as Xvfb's."
    },
    mixinStandardHelpOptions = true)
public final class WindowMeasurement implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "The document's length in characters (default: ${DEFAULT-VALUE}).")
  private int length;

  @Option(
      names = "--authors",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many others write it (default: ${DEFAULT-VALUE}).")
  private int authors;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "8",
      description = "Keys a second of each of them (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "1200",
      description = "How many keys are typed, and timed (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "1200",
      description = {
        "How many keys are typed before, while Java compiles what",
        "is used; they have a table of their own (default:",
        "${DEFAULT-VALUE})."
      })
  private int warmUp;

  @Option(
      names = "--own-rate",
      paramLabel = "N",
      defaultValue = "12",
      description = "How many keys are typed a second (default: ${DEFAULT-VALUE}).")
  private int ownRate;

  @Option(
      names = "--beside",
      description = {
        "Let the relay and the others compete with the window for",
        "the processors. Without it they have what it leaves (by",
        "nice), since in real use they run on other machines."
      })
  private boolean beside;

  @Option(
      names = "--document",
      paramLabel = "NAME",
      defaultValue = "notes.txt",
      description = "Its name, whose end says how it is colored (default: ${DEFAULT-VALUE}).")
  private String document;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "On whose disk the stores are (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    Measurements.requirePositive(spec, "--length", length);
    Measurements.requireNotNegative(spec, "--authors", authors);
    Measurements.requirePositive(spec, "--rate", rate);
    Measurements.requirePositive(spec, "--keys", keys);
    Measurements.requireNotNegative(spec, "--warm-up", warmUp);
    Measurements.requirePositive(spec, "--own-rate", ownRate);
    Optional<String> noWindow = DesktopEditor.whyNoWindow();
    if (noWindow.isPresent()) {
      throw new IOException("the measurement needs a display: " + noWindow.get());
    }
    printHead();
    try (ScratchDirectory ofRelay = new ScratchDirectory(directory);
        ScratchDirectory own = new ScratchDirectory(directory);
        RelayProcess relay = RelayProcess.start(ofRelay.path(), beforeOthers());
        ChildProcess others = startOthers(relay.uri())) {
      requireReady(others);
      TimedEventQueue events = new TimedEventQueue();
      Toolkit.getDefaultToolkit().getSystemEventQueue().push(events);
      try (DesktopEditor editor =
          DesktopEditor.open(new DocumentId(document), relay.uri(), own.path())) {
        JTextComponent text = onEventThread(WindowMeasurement::findText);
        awaitLength(text);
        Arrivals arrivals = new Arrivals();
        onEventThread(
            () -> {
              text.getDocument().addDocumentListener(arrivals);
              return true;
            });
        Typist typist = new Typist(text, arrivals, ownRate);
        Desk desk = new Desk(editor, events, typist, arrivals);
        if (authors > 0) {
          others.writeLine("go");
        }
        if (warmUp > 0) {
          measure("at first, while Java compiles", warmUp, desk);
        }
        measure("then", keys, desk);
        requireTyped(others);
      }
    }
    return 0;
  }

  private void printHead() {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "a document of %,d characters, %d others %s at %d keys a second each%n",
            length,
            authors,
            beside ? "beside the window" : "elsewhere",
            rate);
  }

  /** Returns what goes before the commands of the relay and of the others. */
  private List<String> beforeOthers() {
    return beside ? List.of() : ChildProcess.AS_ELSEWHERE;
  }

  private ChildProcess startOthers(URI relay) throws IOException {
    return ChildProcess.startJvm(
        beforeOthers(),
        RemoteAuthors.class,
        List.of("-Xms1g", "-Xmx1g"),
        List.of(
            relay.toString(),
            document,
            Integer.toString(length),
            // One is needed to write the first text.
            Integer.toString(Math.max(1, authors)),
            Integer.toString(rate),
            directory.toAbsolutePath().toString()));
  }

  private static void requireReady(ChildProcess others) throws IOException {
    String line = others.readLine();
    if (!line.equals("ready")) {
      throw new IOException("the other authors are not ready, but say: " + line);
    }
  }

  private void requireTyped(ChildProcess others) throws IOException {
    others.endInput();
    if (authors > 0) {
      others.readLine();
    }
  }

  private void awaitLength(JTextComponent text) throws Exception {
    while (onEventThread(() -> text.getDocument().getLength()) < length) {
      Thread.sleep(20);
    }
    onEventThread(
        () -> {
          Element lines = text.getDocument().getDefaultRootElement();
          int middle = lines.getElementIndex(text.getDocument().getLength() / 2);
          text.setCaretPosition(lines.getElement(middle).getStartOffset());
          text.requestFocusInWindow();
          return true;
        });
    while (!onEventThread(text::isFocusOwner)) {
      Thread.sleep(20);
    }
  }

  private static JTextComponent findText() {
    for (Window window : Window.getWindows()) {
      Optional<JTextComponent> found = search(window);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalStateException("no window has a text");
  }

  private static Optional<JTextComponent> search(Container within) {
    for (Component part : within.getComponents()) {
      if (part instanceof JTextComponent text && "text".equals(text.getName())) {
        return Optional.of(text);
      }
      if (part instanceof Container container) {
        Optional<JTextComponent> found = search(container);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static <T> T onEventThread(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    EventQueue.invokeLater(future);
    return future.get();
  }

  // --- Typing, and what is told ---

  private record Desk(
      DesktopEditor editor, TimedEventQueue events, Typist typist, Arrivals arrivals) {

    boolean reset() {
      events.reset();
      typist.reset();
      arrivals.reset();
      return true;
    }
  }

  private void measure(String title, int count, Desk desk) throws Exception {
    onEventThread(desk::reset);
    long begun = System.nanoTime();
    try (CollectorPauses pauses = new CollectorPauses()) {
      desk.typist().type(count);
      // The first stands behind the last key, the second behind what that has brought about.
      onEventThread(() -> true);
      onEventThread(() -> true);
      double seconds = (System.nanoTime() - begun) / 1e9;
      List<String> lines = onEventThread(() -> lines(seconds, desk));
      PrintWriter out = spec.commandLine().getOut();
      out.printf(Locale.ROOT, "%n%s: %,d keys%n", title, count);
      lines.forEach(out::println);
      out.println("garbage: " + pauses.describe());
      if (desk.editor().closed().isDone()) {
        throw new IOException("the window was closed while keys were typed in it");
      }
      int came = onEventThread(desk.arrivals()::keys);
      if (came != count) {
        throw new IOException("of " + count + " keys " + came + " came into the text");
      }
    }
  }

  private static List<String> lines(double seconds, Desk desk) {
    TimedEventQueue events = desk.events();
    Typist typist = desk.typist();
    Arrivals arrivals = desk.arrivals();
    List<String> head = new ArrayList<>(List.of("milliseconds"));
    head.addAll(Percentiles.head());
    TextTable table = new TextTable(1, head);
    table.add(row("a key's own events", events.keys()), List.of());
    table.add(row("of it with a processor", events.work()), List.of());
    table.add(row("a key and its painting", typist.painted()), List.of());
    table.add(row("from due to painted", typist.seen()), List.of());
    table.add(row("all other events, each", events.others()), List.of());
    List<String> lines = new ArrayList<>(table.lines());
    lines.add(
        String.format(
            Locale.ROOT,
            "event thread busy %.2f; of others %.1f characters a second, for %.2f s none at most",
            events.busyNanos() / 1e9 / seconds,
            arrivals.ofOthers() / seconds,
            arrivals.longestPauseSeconds()));
    return lines;
  }

  private static List<String> row(String name, Histogram nanos) {
    List<String> row = new ArrayList<>(List.of(name));
    row.addAll(Percentiles.cells(nanos));
    return row;
  }
}
