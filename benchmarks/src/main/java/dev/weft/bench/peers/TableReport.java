package dev.weft.bench.peers;

import dev.weft.bench.peers.Repetition.Timing;
import dev.weft.cli.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One table a metric, when all is measured; what is under way goes to standard error. */
final class TableReport implements Report {
  private static final String NONE = "-";
  private static final Pattern AUTOMERGE_JAR = Pattern.compile("automerge-(\\d[^/\\\\:;]*)\\.jar");

  private final Plan plan;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Ratios ratios = new Ratios();
  private final Map<Metric, TextTable> tables = new EnumMap<>(Metric.class);
  private final Map<Metric, String> lastTrace = new EnumMap<>(Metric.class);
  private String trace = "";
  private boolean failed;

  TableReport(Plan plan, PrintWriter out, PrintWriter err) {
    this.plan = plan;
    this.out = out;
    this.err = err;
    for (Metric metric : plan.metrics()) {
      tables.put(metric, new TextTable(2, head(metric)));
    }
  }

  private static List<String> head(Metric metric) {
    List<String> head = new ArrayList<>(List.of("trace", "library"));
    if (metric == Metric.SIZE) {
      head.add("bytes");
    } else {
      head.addAll(List.of("median ms", "least ms"));
      metric.step().ifPresent(step -> head.add("ns/" + step));
    }
    head.add("x Weft");
    return head;
  }

  @Override
  public void begin(Trace next) {
    trace = next.name().replaceFirst("\\.json(\\.gz)?$", "");
    ratios.begin();
  }

  @Override
  public void started(Library library) {
    err.println("weft peers: " + trace + ", " + library.title());
    err.flush();
  }

  @Override
  public void add(Result result) {
    failed |= result.failed() != null;
    List<String> cells = new ArrayList<>();
    boolean first = !trace.equals(lastTrace.put(result.metric(), trace));
    cells.add(first ? trace : "");
    String title = result.library().title();
    cells.add(result.variant() == null ? title : title + ", " + result.variant());
    cells.addAll(figures(result));
    OptionalDouble ratio = ratios.ratio(result);
    cells.add(ratio.isPresent() ? ratio(ratio.getAsDouble()) : NONE);
    TextTable table = tables.get(result.metric());
    if (table != null) {
      table.add(cells, notes(result));
    }
  }

  private static List<String> figures(Result result) {
    if (result.metric() == Metric.SIZE) {
      return List.of(
          result.bytes() == null ? NONE : String.format(Locale.ROOT, "%,d", result.bytes()));
    }
    Timing timing = result.timing();
    List<String> figures = new ArrayList<>();
    figures.add(timing == null ? NONE : millis(timing.medianNanos()));
    figures.add(timing == null ? NONE : millis(timing.minNanos()));
    if (result.metric().step().isPresent()) {
      figures.add(timing == null ? NONE : String.format(Locale.ROOT, "%,.0f", result.amount()));
    }
    return figures;
  }

  private static List<String> notes(Result result) {
    List<String> notes = new ArrayList<>();
    if (result.failed() != null) {
      notes.add("FAILED: " + result.failed());
    }
    if (result.notMeasured() != null) {
      notes.add(result.notMeasured());
    }
    if (Result.TEXT_OWN_ORDER.equals(result.text())) {
      notes.add(
          "puts what authors inserted at one place at once in an order of its own, so its text is"
              + " not the recorded one; all its replicas agree on it");
    }
    if (result.note() != null) {
      notes.add(result.note());
    }
    Timing timing = result.timing();
    if (timing != null && timing.done() < timing.of()) {
      notes.add(
          String.format(Locale.ROOT, "stopped after %,d of %,d steps", timing.done(), timing.of()));
    }
    return notes;
  }

  @Override
  public void end(Optional<String> nodeVersion) {
    out.println(method(nodeVersion));
    tables.forEach(
        (metric, table) -> {
          out.println();
          out.println(metric + ": " + metric.definition());
          table.lines().forEach(out::println);
        });
    out.flush();
  }

  private String method(Optional<String> nodeVersion) {
    String counted =
        plan.repeats() == null
            ? "at least "
                + Repetition.LEAST_RUNS
                + " runs count (fewer if they take "
                + Repetition.TOO_LONG_SECONDS
                + " s, up to "
                + Repetition.MOST_RUNS
                + " if they take less than "
                + Repetition.ENOUGH_SECONDS
                + " s)"
            : "runs that count: " + plan.repeats();
    return String.format(
        Locale.ROOT,
        """
        Each library on each trace has a process of its own. Runs warm up for %s s, then %s;
        a first run of %d s or more is the one that counts. 'local' and 'remote' stop after %s s.
        Reading the trace, and making what a metric starts from, is in no figure. After every run,
        untimed, the text is compared.
        %d processors; Java %s%s; %s.""",
        plain(plan.warmUpSeconds()),
        counted,
        Repetition.TOO_LONG_SECONDS,
        plain(plan.limitSeconds()),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        nodeVersion.map(version -> ", Node " + version).orElse(""),
        versions());
  }

  private String versions() {
    List<String> versions = new ArrayList<>();
    try {
      Map<String, String> pinned = NodePeers.versions();
      for (Library library : plan.libraries()) {
        library
            .npmPackage()
            .ifPresent(name -> versions.add(library.title() + " " + pinned.get(name)));
      }
    } catch (IOException e) {
      versions.add("versions unknown: " + e.getMessage());
    }
    Matcher jar = AUTOMERGE_JAR.matcher(System.getProperty("java.class.path"));
    if (plan.libraries().contains(Library.AUTOMERGE_JVM) && jar.find()) {
      versions.add(Library.AUTOMERGE_JVM.title() + " " + jar.group(1));
    }
    return versions.isEmpty() ? "no other library" : String.join(", ", versions);
  }

  /** Three significant digits and no fewer than the whole number. */
  private static String millis(long nanos) {
    return significant(nanos / 1e6);
  }

  static String ratio(double ratio) {
    return ratio >= 10 ? String.format(Locale.ROOT, "%,.0f", ratio) : significant(ratio);
  }

  /** Three significant digits, but no fewer than the whole number has. */
  static String significant(double value) {
    int whole = value < 1 ? 0 : (int) Math.floor(Math.log10(value)) + 1;
    int decimals = value == 0 ? 0 : Math.max(0, value < 1 ? leadingZeros(value) + 3 : 3 - whole);
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static int leadingZeros(double value) {
    return Math.max(0, -(int) Math.floor(Math.log10(value)) - 1);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  @Override
  public boolean failed() {
    return failed;
  }
}
