package dev.weft.lab.day;

import dev.weft.client.SyncStatus.Degradation;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.day.ClientRun.Keystroke;
import dev.weft.lab.day.ClientRun.Status;
import dev.weft.lab.day.Injector.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What people would have seen, as it follows from what their clients reported. */
final class Measures {
  /** How long after a fault nobody counts as undisturbed. */
  private static final long CALM_AFTER_MICROS = TimeUnit.SECONDS.toMicros(5);

  private static final double SHOWN_WITHIN_SECONDS = 0.25;

  private final Day day;
  private final Latencies here = new Latencies();
  private final Latencies shown = new Latencies();
  private final Latencies shownInCalm = new Latencies();
  private final Latencies saved = new Latencies();
  private final Map<FaultKind, Latencies> recovery = new EnumMap<>(FaultKind.class);
  private final Map<String, List<Stretch>> standings = new LinkedHashMap<>();
  private final Map<String, Long> saves = new LinkedHashMap<>();

  /** One way in which something comes to be seen, and how long that took. */
  record Tier(String name, Latencies latencies) {}

  /** How somebody stood from one moment to another, in seconds since the beginning. */
  record Stretch(Standing standing, double from, double to) {}

  Measures(Day day) {
    this.day = day;
    for (Person person : day.people()) {
      standings.put(person.name(), standings(person));
      for (ClientRun run : person.runs()) {
        run.keystrokes.forEach(each -> measure(person, each));
        run.saves.values().forEach(each -> measure(run, each));
      }
    }
    day.spans().forEach(this::measure);
  }

  private static double millis(long micros) {
    return micros / 1e3;
  }

  private void measure(Person writer, Keystroke typed) {
    double at = day.seconds(typed.atMicros());
    here.add(at, millis(typed.tookMicros()));
    VersionVector durable = day.durable().getOrDefault(writer.document(), VersionVector.EMPTY);
    if (!typed.inserts() || durable.next(typed.replica()) < typed.next()) {
      return;
    }
    for (Person reader : day.people()) {
      if (reader == writer || !reader.document().equals(writer.document())) {
        continue;
      }
      OptionalLong seen =
          reader.runs().stream()
              .map(run -> run.shownMicros(typed.replica(), typed.next()))
              .flatMapToLong(OptionalLong::stream)
              .min();
      if (seen.isPresent()) {
        double took = millis(seen.getAsLong() - typed.atMicros());
        shown.add(at, took);
        if (isCalm(writer, reader, typed.atMicros(), seen.getAsLong())) {
          shownInCalm.add(at, took);
        }
      }
    }
  }

  /** Returns whether both were live, and no fault of the relay, the two or their links was near. */
  private boolean isCalm(Person writer, Person reader, long from, long to) {
    if (standing(writer, from) != Standing.LIVE || standing(reader, from) != Standing.LIVE) {
      return false;
    }
    List<String> lanes =
        List.of(
            Plan.RELAY,
            writer.name(),
            Plan.linkOf(writer.name()),
            reader.name(),
            Plan.linkOf(reader.name()));
    return day.spans().stream()
        .noneMatch(
            span ->
                lanes.contains(span.lane())
                    && span.fromMicros() <= to
                    && span.toMicros() + CALM_AFTER_MICROS >= from);
  }

  private void measure(ClientRun run, ClientRun.Save save) {
    String answer = save.answer();
    if (answer == null) {
      answer = run.killed ? "the client was killed before the answer" : "never answered";
    } else if (answer.equals(Line.Kind.SAVED.name())) {
      answer = "acknowledged";
      saved.add(day.seconds(save.atMicros()), millis(save.tookMicros()));
    } else {
      answer = "refused: " + answer;
    }
    saves.merge(answer, 1L, Long::sum);
  }

  /** How long after a fault all whom it concerned were live again. */
  private void measure(Span span) {
    double healed = day.seconds(span.toMicros());
    double last = healed;
    for (Map.Entry<String, List<Stretch>> each : standings.entrySet()) {
      boolean concerned =
          span.lane().equals(Plan.RELAY)
              || span.lane().equals(each.getKey())
              || span.lane().equals(Plan.linkOf(each.getKey()));
      if (concerned) {
        last = Math.max(last, liveAgain(each.getValue(), healed));
      }
    }
    recovery
        .computeIfAbsent(span.kind(), key -> new Latencies())
        .add(healed, (last - healed) * 1_000);
  }

  /** Returns when a client was live again; what a fault did may show a moment after its end. */
  private static double liveAgain(List<Stretch> stretches, double healed) {
    double live = healed;
    for (Stretch stretch : stretches) {
      boolean goesOn = stretch.from <= Math.max(live, healed + SHOWN_WITHIN_SECONDS);
      if (stretch.standing != Standing.LIVE && goesOn && stretch.to > healed) {
        live = stretch.to;
      }
    }
    return live;
  }

  private List<Stretch> standings(Person person) {
    TreeSet<Long> moments = new TreeSet<>(List.of(day.fromMicros(), day.settledMicros()));
    for (ClientRun run : person.runs()) {
      moments.add(run.startedMicros);
      moments.add(run.endedMicros);
      run.statuses.forEach(status -> moments.add(status.atMicros()));
    }
    List<Span> frozen =
        day.spans().stream()
            .filter(span -> span.lane().equals(person.name()))
            .filter(span -> span.kind() == FaultKind.CLIENT_FREEZE)
            .toList();
    frozen.forEach(span -> moments.addAll(List.of(span.fromMicros(), span.toMicros())));
    List<Stretch> stretches = new ArrayList<>();
    List<Long> within =
        List.copyOf(moments.subSet(day.fromMicros(), true, day.settledMicros(), true));
    for (int i = 0; i + 1 < within.size(); i++) {
      long from = within.get(i);
      boolean stopped =
          frozen.stream().anyMatch(span -> span.fromMicros() <= from && from < span.toMicros());
      add(stretches, stopped ? Standing.FROZEN : standing(person, from), from, within.get(i + 1));
    }
    return stretches;
  }

  private void add(List<Stretch> stretches, Standing standing, long from, long to) {
    int last = stretches.size() - 1;
    double end = day.seconds(to);
    if (last >= 0 && stretches.get(last).standing == standing) {
      stretches.set(last, new Stretch(standing, stretches.get(last).from, end));
    } else {
      stretches.add(new Stretch(standing, day.seconds(from), end));
    }
  }

  private static Standing standing(Person person, long at) {
    Standing standing = Standing.CLOSED;
    for (ClientRun run : person.runs()) {
      if (run.startedMicros <= at && at < run.endedMicros) {
        for (Status status : run.statuses) {
          if (status.atMicros() <= at) {
            standing = Standing.of(status);
          }
        }
      }
    }
    return standing;
  }

  /** Returns for how long a client said that something works less well, in seconds. */
  double seconds(Person person, Degradation degradation) {
    double seconds = 0;
    for (ClientRun run : person.runs()) {
      for (int i = 0; i < run.statuses.size(); i++) {
        if (run.statuses.get(i).shows(degradation)) {
          boolean last = i + 1 == run.statuses.size();
          long to =
              last
                  ? Math.min(run.endedMicros, day.settledMicros())
                  : run.statuses.get(i + 1).atMicros();
          seconds += (to - run.statuses.get(i).atMicros()) / 1e6;
        }
      }
    }
    return seconds;
  }

  List<Tier> tiers() {
    return List.of(
        new Tier("a key in the own text", here),
        new Tier("a key at each other, undisturbed", shownInCalm),
        new Tier("a key at each other, all", shown),
        new Tier("a save acknowledged", saved));
  }

  /** Returns how long it took, by kind, until all whom a fault concerned were live again. */
  Map<FaultKind, Latencies> recovery() {
    return recovery;
  }

  List<Stretch> standings(String person) {
    return standings.getOrDefault(person, List.of());
  }

  /** Returns for how long somebody stood so, in seconds. */
  double seconds(String person, Standing standing) {
    return standings(person).stream()
        .filter(stretch -> stretch.standing == standing)
        .mapToDouble(stretch -> stretch.to - stretch.from)
        .sum();
  }

  /** Returns how many saves came to what. */
  Map<String, Long> saves() {
    return saves;
  }
}
