package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What operators are given in {@code ops/} and {@code docs/}, against what a relay really tells.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsFilesTest {
  private static final Path ALERTS = Path.of("ops", "prometheus", "weft-relay-alerts.yml");
  private static final Path GRAFANA = Path.of("ops", "grafana", "weft-relay.json");
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Path GUIDE = DOCS.resolve("OPERATIONS.md");

  /** A series with, perhaps, what is asked of its labels. */
  private static final Pattern SERIES = Pattern.compile("\\b(weft_\\w+)(?:\\{([^}]*)\\})?");

  private static final Pattern WANTED = Pattern.compile("(\\w+)(=~?)\"([^\"]*)\"");
  private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");
  private static final Pattern ALERT = Pattern.compile("(?m)^ {6}- alert: (\\w+)$");

  /** What Prometheus adds of its own. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

  private TestRelay relay;
  private Scrape scrape;

  @BeforeAll
  void haveTraffic(@TempDir Path directory) throws Exception {
    relay = TestRelay.start(directory);
    try (Author ada = Author.join(relay.uri(), 1);
        Author bob = Author.join(relay.uri(), 2)) {
      ada.type("hello");
      bob.awaitText("hello");
      ada.save("s1");
      scrape = Scrape.of(relay.server.port());
    }
  }

  @AfterAll
  void stop() {
    relay.close();
  }

  // --- Expressions ---

  private void assertMeansSomething(String expression) {
    Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
    Matcher series = SERIES.matcher(expression);
    while (series.find()) {
      String name = series.group(1);
      assertThat(scrape.names()).as("series in %s", expression).contains(name);
      Map<String, Set<String>> known = scrape.labelsOf(name);
      labels.addAll(known.keySet());
      Matcher wanted = WANTED.matcher(series.group(2) == null ? "" : series.group(2));
      while (wanted.find()) {
        if (!OF_PROMETHEUS.contains(wanted.group(1))) {
          assertThat(known.getOrDefault(wanted.group(1), Set.of()))
              .as("values of %s in %s", wanted.group(1), expression)
              .contains(wanted.group(3));
        }
      }
    }
    Matcher grouped = GROUPED.matcher(expression);
    while (grouped.find()) {
      assertThat(labels)
          .as("labels in %s", expression)
          .containsAll(List.of(grouped.group(1).split(", ")));
    }
  }

  private static Set<String> seriesIn(String expression) {
    Set<String> names = new TreeSet<>();
    Matcher series = SERIES.matcher(expression);
    while (series.find()) {
      names.add(series.group(1));
    }
    return names;
  }

  // --- Alerts ---

  /** Returns what stands in the file of each alert, by its name. */
  private static Map<String, String> alerts() throws IOException {
    String text = Files.readString(ALERTS);
    Map<String, String> alerts = new TreeMap<>();
    Matcher alert = ALERT.matcher(text);
    List<Integer> begins = new ArrayList<>();
    List<String> names = new ArrayList<>();
    while (alert.find()) {
      begins.add(alert.end());
      names.add(alert.group(1));
    }
    begins.add(text.length());
    for (int i = 0; i < names.size(); i++) {
      alerts.put(names.get(i), text.substring(begins.get(i), begins.get(i + 1)));
    }
    assertThat(alerts).hasSameSizeAs(names);
    return alerts;
  }

  /** Returns an alert's expression in one line. */
  private static String expression(String alert) {
    Matcher found = Pattern.compile("(?s)expr: (?:>-)?(.*?)\\n {8}for:").matcher(alert);
    assertThat(found.find()).as("an expression and a time in %s", alert).isTrue();
    return found.group(1).strip().replaceAll("\\s+", " ");
  }

  @Test
  void shouldAlertByWhatThereIs() throws Exception {
    assertThat(alerts()).hasSizeGreaterThan(15);
    alerts().forEach((name, alert) -> assertMeansSomething(expression(alert)));
  }

  @Test
  void shouldSayOfEachAlertHowUrgentItIsAndWhatToDo() throws Exception {
    String failures = Files.readString(DOCS.resolve("FAILURES.md"));
    alerts()
        .forEach(
            (name, alert) -> {
              assertThat(alert).as(name).containsPattern("severity: (critical|warning|info)\n");
              assertThat(alert).as(name).containsPattern("summary: \".*\\{\\{ \\$labels.instance");
              Matcher runbook = Pattern.compile("docs/FAILURES.md#([\\w-]+)").matcher(alert);
              assertThat(runbook.find()).as("a runbook of %s", name).isTrue();
              assertThat(failures).as(name).contains("<a id=\"" + runbook.group(1) + "\"></a>");
            });
  }

  /** The dashboard and the alerts call the same thing slow. */
  @Test
  void shouldHaveTheBudgetsThatTheDashboardHas() throws Exception {
    Map<String, String> alerts = alerts();
    assertThat(expression(alerts.getOrDefault("WeftKeystrokesSlow", "")))
        .endsWith("> " + seconds(Latency.PERCEIVED_KEYSTROKE));
    assertThat(expression(alerts.getOrDefault("WeftKeystrokesSlowInRelay", "")))
        .endsWith("> " + seconds(Latency.KEYSTROKE));
    assertThat(expression(alerts.getOrDefault("WeftSavesSlow", "")))
        .endsWith("> " + seconds(Latency.PERCEIVED_SAVE));
    assertThat(expression(alerts.getOrDefault("WeftSavesSlowInRelay", "")))
        .endsWith("> " + seconds(Latency.SAVE));
    String guide = Files.readString(GUIDE);
    for (Latency each : Latency.values()) {
      Duration budget = each.budget();
      if (budget != null) {
        assertThat(guide)
            .containsPattern(
                Pattern.quote("| " + each.title().toLowerCase(Locale.ROOT) + " |")
                    + "[^\n]*\\| "
                    + Sentences.of(budget)
                    + " \\|");
      }
    }
  }

  private static String seconds(Latency of) {
    double seconds = of.budget() == null ? Double.NaN : of.budget().toMillis() / 1_000.0;
    return String.valueOf(seconds).replaceFirst("\\.0$", "");
  }

  // --- Grafana ---

  @Test
  void shouldDrawWhatThereIs() throws Exception {
    List<String> expressions = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(Files.readString(GRAFANA))) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING && "expr".equals(json.currentName())) {
          expressions.add(json.getText());
        } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && "id".equals(json.currentName())) {
          ids.add(json.getIntValue());
        }
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(expressions).hasSizeGreaterThan(40);
    expressions.forEach(this::assertMeansSomething);
    Set<String> drawn = new TreeSet<>();
    expressions.forEach(each -> seriesIn(each).forEach(one -> drawn.add(scrape.familyOf(one))));
    assertThat(drawn).as("families that some panel draws").isEqualTo(scrape.kinds().keySet());
  }

  // --- The guide ---

  /** A row of the table of metrics. */
  private record Row(String kind, String unit, Set<String> labels, Set<String> alerts) {}

  private static Map<String, Row> table() throws IOException {
    Map<String, Row> rows = new TreeMap<>();
    for (String line : Files.readAllLines(GUIDE)) {
      if (line.startsWith("| `weft_")) {
        String[] cells = line.substring(2).split(" *\\| *", -1);
        rows.put(
            cells[0].replace("`", ""),
            new Row(cells[1], cells[2], words(cells[3]), words(cells[5])));
      }
    }
    return rows;
  }

  /** Returns what stands in code in a cell. */
  private static Set<String> words(String cell) {
    Set<String> words = new TreeSet<>();
    Matcher word = Pattern.compile("`(\\w+)`").matcher(cell);
    while (word.find()) {
      words.add(word.group(1));
    }
    return words;
  }

  @Test
  void shouldListEachMetricThatThereIsAndNoOther() throws Exception {
    Map<String, String> listed = new TreeMap<>();
    table().forEach((name, row) -> listed.put(name, row.kind()));

    assertThat(listed).isEqualTo(scrape.kinds());
    table()
        .forEach(
            (name, row) -> {
              assertThat(row.labels()).as(name).isEqualTo(scrape.labelsOfFamily(name));
              if (row.kind().equals("histogram")) {
                assertThat(row.unit()).as(name).isEqualTo("seconds");
              }
            });
  }

  @Test
  void shouldNameWithEachMetricTheAlertsThatUseIt() throws Exception {
    Map<String, Set<String>> used = new TreeMap<>();
    alerts()
        .forEach(
            (name, alert) ->
                seriesIn(expression(alert))
                    .forEach(
                        series ->
                            used.computeIfAbsent(scrape.familyOf(series), family -> new TreeSet<>())
                                .add(name)));

    table()
        .forEach(
            (name, row) ->
                assertThat(row.alerts()).as(name).isEqualTo(used.getOrDefault(name, Set.of())));
  }

  @Test
  void shouldListEachAlertWithTheRowThatSaysWhatToDo() throws Exception {
    String guide = Files.readString(GUIDE);
    alerts()
        .forEach(
            (name, alert) -> {
              Matcher runbook = Pattern.compile("docs/(FAILURES.md#[\\w-]+)").matcher(alert);
              assertThat(runbook.find()).isTrue();
              assertThat(guide)
                  .containsPattern(
                      "\\| `" + name + "` \\|[^\n]*\\(" + Pattern.quote(runbook.group(1)) + "\\)");
            });
  }
}
