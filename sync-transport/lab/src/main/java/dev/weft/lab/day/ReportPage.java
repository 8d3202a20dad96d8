package dev.weft.lab.day;

import dev.weft.client.SyncStatus.Degradation;
import dev.weft.lab.day.Measures.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The report: one page that needs nothing else. Confined to a thread. */
final class ReportPage {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Day day;
  private final Measures measures;
  private final StringBuilder page = new StringBuilder();

  ReportPage(Day day, Measures measures) {
    this.day = day;
    this.measures = measures;
  }

  String html() {
    String verdict = day.passed() ? "every promise was kept" : "a promise was broken";
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
    page.append("Weft game day: ").append(verdict).append("</title>\n<meta name=\"viewport\"");
    page.append(" content=\"width=device-width\"><style>\n").append(style());
    page.append("</style></head><body><main>\n<h1>Weft game day: ").append(verdict);
    page.append("</h1>\n");
    paragraph(facts());
    if (!day.leftOut().isEmpty()) {
      paragraph("Left out: " + day.leftOut() + ".");
    }
    section("Promises", promises());
    section("What happened", legend() + new Timeline(day, measures).svg());
    section("How long it took", latencies());
    section("What each client showed", clients());
    section("Saves and faults", saves() + faults());
    page.append("<h2>How it was measured</h2>\n");
    paragraph(
        "A key is timed from the wall clock's time in the writer's process to that at which a"
            + " reader's text had come so far; all processes are of one machine and have the same"
            + " wall clock, while each has a monotonic clock of its own. "
            + clock());
    paragraph(
        "A reader that was closed or frozen counts, until it shows the key again. “Undisturbed” is"
            + " what was typed while both were live, with no fault of the relay, the two or their"
            + " links since 5 s before; it may have come by polling. Keys that died with a killed"
            + " process are in no latency.");
    return page.append("</main></body></html>\n").toString();
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void paragraph(String text) {
    page.append("<p>").append(Table.escape(text)).append("</p>\n");
  }

  private void section(String title, String content) {
    page.append("<h2>").append(title).append("</h2>\n").append(content);
  }

  private String facts() {
    return String.format(
        Locale.ROOT,
        "Seed %d, %.2f minutes of faults, %d clients and a relay as processes of one machine (%d"
            + " processors, Java %s), %s. After the last fault was healed all was well within"
            + " %.1f s. To see it again: sync-transport/lab/game-day --minutes %s --seed %d; the"
            + " seed gives the faults, how the processes meet is the machine's choice.",
        day.seed(),
        day.minutes(),
        day.people().size(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        WHEN.format(Instant.ofEpochSecond(TimeUnit.MICROSECONDS.toSeconds(day.fromMicros()))),
        (day.settledMicros() - day.healedMicros()) / 1e6,
        day.minutes(),
        day.seed());
  }

  private String clock() {
    return String.format(
        Locale.ROOT,
        "Against the monotonic clock the wall clock was moved by %.1f ms during the run.",
        day.clockMicros() / 1e3);
  }

  private String promises() {
    Table table =
        new Table("What was promised, and what became of it", "promise", "verdict", "of what");
    for (Verdict verdict : day.verdicts()) {
      table.row(verdict.promise(), verdict.kept() ? "kept" : "BROKEN", verdict.details());
    }
    return table.html();
  }

  private static String legend() {
    StringBuilder legend = new StringBuilder("<p class=\"legend\">");
    for (Standing standing : Standing.values()) {
      legend.append(
          String.format(
              "<span><i class=\"s-%s\"></i>%s</span> ",
              standing.name().toLowerCase(Locale.ROOT), standing.words));
    }
    return legend.append("<span><i class=\"fault\"></i>fault</span></p>\n").toString();
  }

  private String latencies() {
    Table table = new Table("Latencies, by tier", "tier", "times", "p50", "p95", "p99", "longest");
    StringBuilder charts = new StringBuilder();
    for (Tier tier : measures.tiers()) {
      Latencies latencies = tier.latencies();
      List<String> row = new ArrayList<>(List.of(tier.name(), count(latencies.count())));
      for (double share : new double[] {50, 95, 99, 100}) {
        row.add(latencies.isEmpty() ? "–" : Latencies.words(latencies.percentile(share)));
      }
      table.row(row);
      if (!latencies.isEmpty()) {
        String id = "tier" + charts.length();
        charts.append("<h3>").append(tier.name()).append("</h3>\n");
        charts.append(new LatencyChart(id, tier, day.seconds(day.settledMicros())).svg());
      }
    }
    return table.html()
        + "<p class=\"legend\"><span><i class=\"p50\"></i>p50</span> <span><i class=\"p95\"></i>p95"
        + " (dashed)</span> <span><i class=\"p99\"></i>p99 (dotted)</span> <span><i"
        + " class=\"max\"></i>longest</span></p>\n"
        + charts;
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private String clients() {
    List<String> columns = new ArrayList<>(List.of("client", "document", "starts", "keys"));
    for (Standing standing : Standing.values()) {
      columns.add(standing.words);
    }
    columns.addAll(List.of("by polling", "store not writable"));
    Table table =
        new Table("Time that each client stood how, and with what", columns.toArray(String[]::new));
    for (Person person : day.people()) {
      List<String> row = new ArrayList<>(List.of(person.name(), person.document().value()));
      row.add(count(person.runs().size()));
      row.add(count(person.runs().stream().mapToInt(run -> run.keystrokes.size()).sum()));
      for (Standing standing : Standing.values()) {
        row.add(seconds(measures.seconds(person.name(), standing)));
      }
      row.add(seconds(measures.seconds(person, Degradation.POLLING)));
      row.add(seconds(measures.seconds(person, Degradation.STORE_UNAVAILABLE)));
      table.row(row);
    }
    StringBuilder meanings = new StringBuilder("<dl>");
    for (Standing standing : Standing.values()) {
      meanings.append("<dt>").append(standing.words).append("</dt><dd>");
      meanings.append(standing.meaning).append("</dd>");
    }
    return table.html() + meanings.append("</dl>\n");
  }

  private String saves() {
    Table table = new Table("Saves, by outcome", "outcome", "saves");
    measures.saves().forEach((outcome, times) -> table.row(outcome, count(times)));
    return table.html();
  }

  private String faults() {
    Table table =
        new Table(
            "Faults, and how long after them all whom they concerned were live (another may have"
                + " come between)",
            "fault",
            "in the chart",
            "how",
            "times",
            "in all",
            "live again, p50",
            "at the latest");
    for (FaultKind kind : FaultKind.values()) {
      Latencies recovery = measures.recovery().getOrDefault(kind, new Latencies());
      double inAll =
          day.spans().stream()
              .filter(span -> span.kind() == kind)
              .mapToDouble(span -> (span.toMicros() - span.fromMicros()) / 1e6)
              .sum();
      boolean none = recovery.isEmpty();
      table.row(
          kind.words,
          kind.code,
          kind.means,
          none ? "none" : count(recovery.count()),
          seconds(inAll),
          none ? "–" : Latencies.words(recovery.percentile(50)),
          none ? "–" : Latencies.words(recovery.max()));
    }
    return table.html();
  }
}
