package dev.weft.lab.day;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a client's process, and all that it reported. Lines are added by one thread; the rest
 * is read when the process has ended, but for {@link #opened} and {@link #ask}.
 */
final class ClientRun {
  final CompletableFuture<Long> opened = new CompletableFuture<>();
  final long startedMicros = Line.nowMicros();
  final List<Keystroke> keystrokes = new ArrayList<>();
  final List<Status> statuses = new ArrayList<>();
  final Map<Long, Save> saves = new LinkedHashMap<>();
  final List<VersionVector> receipts = new ArrayList<>();
  final List<String> faults = new ArrayList<>();
  private final Map<ReplicaId, TreeMap<Long, Long>> seen = new HashMap<>();

  /** What its store is known to have held: it said so, or it was found in it after a kill. */
  VersionVector held = VersionVector.EMPTY;

  long endedMicros = Long.MAX_VALUE;
  boolean killed;
  private @Nullable CompletableFuture<Line> asked; // guarded by this

  /** An edit: the one before the event {@code next} of its replica, and how long the call took. */
  record Keystroke(long atMicros, ReplicaId replica, long next, boolean inserts, long tookMicros) {}

  /** What the status said from a moment on. */
  record Status(
      long atMicros,
      Connection connection,
      Freshness freshness,
      Saves saves,
      String degradations,
      String says) {
    static Status of(Line line) {
      return new Status(
          line.atMicros(),
          Connection.valueOf(line.text("connection")),
          Freshness.valueOf(line.text("freshness")),
          Saves.valueOf(line.text("saves")),
          line.text("degradations"),
          line.text("says"));
    }

    boolean shows(Degradation degradation) {
      return degradations.contains(degradation.name());
    }
  }

  /** A save: {@code answer} is {@code SAVED}, why it was refused, or null where none came. */
  record Save(long atMicros, long tookMicros, @Nullable String answer) {}

  void add(Line line) {
    switch (line.kind()) {
      case OPEN -> opened.complete(line.atMicros());
      case TYPED ->
          keystrokes.add(
              new Keystroke(
                  line.atMicros(),
                  replica(line),
                  line.number("next"),
                  Boolean.parseBoolean(line.text("insert")),
                  line.number("took")));
      case SEEN ->
          seen.computeIfAbsent(replica(line), key -> new TreeMap<>())
              .putIfAbsent(line.number("next"), line.atMicros());
      case STORED -> held = held.merge(VersionVector.of(replica(line), line.number("next")));
      case STATUS -> statuses.add(Status.of(line));
      case SAVE -> saves.put(line.number("number"), new Save(line.atMicros(), 0, null));
      case SAVED -> {
        receipts.add(VersionVector.parse(line.text("version")));
        answer(line, Line.Kind.SAVED.name());
      }
      case REFUSED -> answer(line, line.text("code"));
      case RECEIPT -> receipts.add(VersionVector.parse(line.text("version")));
      case STATE -> answer(line);
      case FAULT -> faults.add(line.text("what"));
    }
  }

  private static ReplicaId replica(Line line) {
    return ReplicaId.parse(line.text("replica"));
  }

  private void answer(Line line, String answer) {
    long at = line.atMicros() - line.number("took");
    saves.put(line.number("number"), new Save(at, line.number("took"), answer));
  }

  /** Returns what it answers next. */
  synchronized CompletableFuture<Line> ask() {
    CompletableFuture<Line> answer = new CompletableFuture<>();
    asked = answer;
    return answer;
  }

  private synchronized void answer(Line state) {
    if (asked != null) {
      asked.complete(state);
    }
  }

  /** Returns when it first showed all of a replica's events before {@code next}. */
  OptionalLong shownMicros(ReplicaId replica, long next) {
    TreeMap<Long, Long> ofReplica = seen.get(replica);
    Map.Entry<Long, Long> first = ofReplica == null ? null : ofReplica.ceilingEntry(next);
    return first == null ? OptionalLong.empty() : OptionalLong.of(first.getValue());
  }
}
