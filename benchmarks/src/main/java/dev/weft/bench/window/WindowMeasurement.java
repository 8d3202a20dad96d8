package dev.weft.bench.window;

import dev.weft.bench.ChildProcess;
import dev.weft.bench.CollectorPauses;
import dev.weft.bench.Measurements;
import dev.weft.bench.Pace;
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
import java.awt.event.KeyEvent;
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
  /** After so many letters a line is ended, as the document's lines are. */
  private static final int LINE = 58;

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
      defaultValue = "600",
      description = "How many keys are typed, and timed (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "1200",
      description = {
        "How many keys are typed before, while Java compiles what",
        "is used; they have rows of their own (default:",
        "${DEFAULT-VALUE})."
      })
  private int warmUp;

  @Option(
      names = "--own-rate",
      paramLabel = "N",
      defaultValue = "12",
      description = "How many of them a second (default: ${DEFAULT-VALUE}).")
  private int ownRate;

  @Option(
      names = "--beside",
      description = {
        "Let the relay and the others have the processors as the",
        "window has them. Without it they have what it leaves (by",
        "nice), as they are on other machines where people use it."
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

  /** From the press of a key to the end of what it brought about. */
  private final Histogram painted = new Histogram(3);

  /** From when a key was due to be there to the same. */
  private final Histogram seen = new Histogram(3);

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
    try (ScratchDirectory ofRelay = new ScratchDirectory(directory);
        ScratchDirectory own = new ScratchDirectory(directory);
        RelayProcess relay = RelayProcess.start(ofRelay.path(), ofOthers());
        ChildProcess others = startOthers(relay.uri())) {
      requireReady(others);
      TimedEventQueue events = new TimedEventQueue();
      Toolkit.getDefaultToolkit().getSystemEventQueue().push(events);
      try (DesktopEditor editor =
          DesktopEditor.open(new DocumentId(document), relay.uri(), own.path())) {
        JTextComponent text = onEventThread(WindowMeasurement::findText);
        awaitLength(text);
        others.writeLine("go");
        type(text, warmUp);
        List<List<String>> warming = new ArrayList<>();
        int lengthBefore =
            onEventThread(
                () -> {
                  if (warmUp > 0) {
                    warming.add(row("while warming up: own", events.keys()));
                    warming.add(row("and its painting", painted));
                  }
                  events.reset();
                  painted.reset();
                  seen.reset();
                  return text.getDocument().getLength();
                });
        long begun = System.nanoTime();
        try (CollectorPauses pauses = new CollectorPauses()) {
          type(text, keys);
          if (editor.closed().isDone()) {
            throw new IOException("the window was closed while keys were typed in it");
          }
          double seconds = (System.nanoTime() - begun) / 1e9;
          int lengthAfter = onEventThread(() -> text.getDocument().getLength());
          print(events, seconds, lengthAfter - lengthBefore - keys, warming, pauses.describe());
        }
      }
    }
    return 0;
  }

  /** Returns what goes before the command of a process that is elsewhere, as a rule. */
  private List<String> ofOthers() {
    return beside ? List.of() : ChildProcess.AS_ELSEWHERE;
  }

  private ChildProcess startOthers(URI relay) throws IOException {
    return ChildProcess.startJvm(
        ofOthers(),
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

  private void awaitLength(JTextComponent text) throws Exception {
    while (onEventThread(() -> text.getDocument().getLength()) < length) {
      Thread.sleep(20);
    }
    onEventThread(
        () -> {
          text.setCaretPosition(text.getDocument().getLength() / 2);
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

  // --- Typing ---

  private void type(JTextComponent text, int count) throws Exception {
    Pace pace = new Pace(ownRate);
    EventQueue queue = Toolkit.getDefaultToolkit().getSystemEventQueue();
    for (int i = 0; i < count; i++) {
      pace.awaitNext();
      char letter = i % (LINE + 1) == LINE ? '\n' : (char) ('a' + i % 26);
      int code = KeyEvent.getExtendedKeyCodeForChar(letter);
      long due = System.nanoTime();
      Stroke stroke = new Stroke(due);
      EventQueue.invokeLater(stroke::begins);
      queue.postEvent(event(text, KeyEvent.KEY_PRESSED, code, letter));
      queue.postEvent(event(text, KeyEvent.KEY_TYPED, KeyEvent.VK_UNDEFINED, letter));
      queue.postEvent(event(text, KeyEvent.KEY_RELEASED, code, letter));
      // What the key brings about is queued when it is typed: behind that it has been painted.
      EventQueue.invokeLater(() -> EventQueue.invokeLater(stroke::ends));
    }
    onEventThread(() -> true);
    onEventThread(() -> true);
  }

  private static KeyEvent event(JTextComponent text, int id, int code, char letter) {
    return new KeyEvent(text, id, System.currentTimeMillis(), 0, code, letter);
  }

  /** One key, from when it is due until it is painted. Confined to the event dispatch thread. */
  private final class Stroke {
    private final long dueNanos;
    private long begunNanos;

    Stroke(long dueNanos) {
      this.dueNanos = dueNanos;
    }

    void begins() {
      begunNanos = System.nanoTime();
    }

    void ends() {
      long now = System.nanoTime();
      painted.recordValue(now - begunNanos);
      seen.recordValue(now - dueNanos);
    }
  }

  // --- What is told ---

  private void print(
      TimedEventQueue events,
      double seconds,
      int ofOthers,
      List<List<String>> warming,
      String pauses)
      throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d keys in a document of %,d characters, %d others %s at %d keys a second each%n",
        keys,
        length,
        authors,
        beside ? "beside it" : "elsewhere",
        rate);
    List<List<String>> rows = new ArrayList<>();
    onEventThread(
        () -> {
          rows.add(row("a key's own events", events.keys()));
          rows.add(row("of it with a processor", events.work()));
          rows.add(row("a key and its painting", painted));
          rows.add(row("from due to painted", seen));
          rows.add(row("all other events, each", events.others()));
          out.printf(
              Locale.ROOT,
              "event thread busy %.2f, %.1f characters of others a second came in%n",
              events.busyNanos() / 1e9 / seconds,
              ofOthers / seconds);
          return true;
        });
    rows.addAll(warming);
    List<String> head = new ArrayList<>(List.of("milliseconds"));
    head.addAll(Percentiles.head());
    TextTable table = new TextTable(1, head);
    rows.forEach(row -> table.add(row, List.of()));
    table.lines().forEach(out::println);
    out.println("garbage: " + pauses);
  }

  private static List<String> row(String name, Histogram nanos) {
    List<String> row = new ArrayList<>(List.of(name));
    row.addAll(Percentiles.cells(nanos));
    return row;
  }
}
