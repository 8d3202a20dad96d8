package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What a document says of its past is what it showed then. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class HistoryProperties {

  /** What a replica showed at a version. */
  private record Shown(VersionVector version, String text) {}

  @Property
  void shouldShowWhatWasShownAtEveryVersion(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    Session session = new Session(history.replicas(), history.nodeCapacity());
    CheckedReplica replica = session.replica(0);
    TextHistory early = replica.document().history();
    TextHistory past = early;
    List<Shown> shown = new ArrayList<>();
    shown.add(new Shown(replica.version(), replica.text()));
    for (Action action : history.actions()) {
      if (action instanceof Action.Restart) {
        continue;
      }
      session.perform(action);
      shown.add(new Shown(replica.version(), replica.text()));
      if (random.nextInt(5) == 0) {
        past = random.nextBoolean() ? early : replica.document().history();
      }
      requireMove(past, shown.get(random.nextInt(shown.size())));
    }
    for (Shown each : shown) {
      requireMove(early, each);
      assertThat(replica.document().textAt(each.version)).isEqualTo(each.text);
    }
    Shown from = shown.get(random.nextInt(shown.size()));
    Shown to = shown.get(random.nextInt(shown.size()));
    assertThat(applied(early.difference(from.version, to.version), from.text)).isEqualTo(to.text);
    assertThat(early.version()).isEqualTo(to.version);
    replica.check();
  }

  /** What differs is within the ranges, and every unit within was touched since. */
  @Property
  void shouldTellWhereTheTextWasEditedSince(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Session session = new Session(history.replicas(), history.nodeCapacity());
    List<VersionVector> versions = new ArrayList<>();
    for (Action action : history.actions()) {
      session.perform(action);
      versions.add(session.replica(0).version());
    }
    TextDocument document = session.replica(0).document();
    assertThat(document.editedSince(document.version())).isEmpty();
    boolean restores = history.actions().stream().anyMatch(Action.Restore.class::isInstance);
    Random random = new Random(seed);
    for (int i = 0; i < 5 && !versions.isEmpty(); i++) {
      VersionVector seen = versions.get(random.nextInt(versions.size()));
      List<TextRange> ranges = document.editedSince(seen);
      requireApart(ranges);
      requireDifferencesWithin(ranges, document.history().difference(seen, document.version()));
      requireOnlyWhatWasTouched(ranges, seen, document, restores);
    }
  }

  private static void requireApart(List<TextRange> ranges) {
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i).start()).isGreaterThan(ranges.get(i - 1).end());
    }
  }

  private static void requireDifferencesWithin(
      List<TextRange> ranges, List<TextChange.Edit> differences) {
    for (TextChange.Edit edit : differences) {
      int end = edit.index() + edit.inserted().length();
      assertThat(ranges).anyMatch(range -> range.start() <= edit.index() && end <= range.end());
    }
  }

  /** What was inserted since is within; what was there before is not, unless it was restored. */
  private static void requireOnlyWhatWasTouched(
      List<TextRange> ranges, VersionVector seen, TextDocument document, boolean restores) {
    int index = 0;
    while (index < document.length()) {
      int at = index;
      boolean within = ranges.stream().anyMatch(r -> r.start() <= at && at < r.end());
      EventId unit = Objects.requireNonNull(document.anchor(index, Bias.RIGHT).unit());
      if (!seen.includes(unit)) {
        assertThat(within).as("%s at %d of %s", unit, index, ranges).isTrue();
      } else if (!restores) {
        assertThat(within).as("%s at %d of %s", unit, index, ranges).isFalse();
      }
      index += Character.charCount(document.text().codePointAt(index));
    }
  }

  /** Every author's text, before and behind what it did in a row, is what it showed. */
  @Property
  void shouldTellTheHistoryRunByRun(@ForAll History history) throws MalformedUpdateException {
    TextDocument document = history.runAndSettle().replica(0).document();
    TextHistory past = document.history();
    StringBuilder text = new StringBuilder();
    VersionVector[] told = {VersionVector.EMPTY};
    Set<EventId> lasts = new HashSet<>();
    past.forEachRun(
        run -> {
          run.arrived().forEach(edit -> apply(edit, text));
          VersionVector before = VersionVector.of(run.author(), run.start());
          for (EventId on : run.parents()) {
            before = before.merge(VersionVector.of(on.replica(), on.sequence() + 1));
          }
          before = closed(before, document);
          assertThat(text.toString()).isEqualTo(document.textAt(before));
          run.edits().forEach(edit -> apply(edit, text));
          VersionVector after = before.merge(VersionVector.of(run.author(), run.end()));
          assertThat(text.toString()).isEqualTo(document.textAt(after));
          assertThat(run.start()).isEqualTo(told[0].next(run.author()));
          for (EventId on : run.parents()) {
            assertThat(lasts).contains(on);
          }
          lasts.add(new EventId(run.author(), run.end() - 1));
          told[0] = told[0].merge(VersionVector.of(run.author(), run.end()));
        });
    assertThat(told[0]).isEqualTo(document.version());
  }

  /** Returns a version with all that others in it were made on. */
  private static VersionVector closed(VersionVector version, TextDocument document) {
    VersionVector all = version;
    CausalHistory history = document.contents().history;
    for (ReplicaId id : version.replicas()) {
      int replica = history.findReplica(id.bits());
      all = all.merge(history.versionBefore(history.event(replica, (int) version.next(id) - 1)));
    }
    return all;
  }

  private static void apply(TextChange.Edit edit, StringBuilder text) {
    text.replace(edit.index(), edit.index() + edit.deletedLength(), edit.inserted());
  }

  private static void requireMove(TextHistory history, Shown to) {
    String before = history.text();
    List<TextChange.Edit> edits = history.moveTo(to.version);
    assertThat(history.text()).isEqualTo(to.text);
    assertThat(history.length()).isEqualTo(to.text.length());
    assertThat(history.version()).isEqualTo(to.version);
    assertThat(applied(edits, before)).isEqualTo(to.text);
    int least = 0;
    for (TextChange.Edit edit : edits) {
      assertThat(edit.index()).isGreaterThanOrEqualTo(least);
      assertThat(edit.deletedLength() + edit.inserted().length()).isPositive();
      least = edit.index() + edit.inserted().length() + 1;
    }
  }

  private static String applied(List<TextChange.Edit> edits, String text) {
    StringBuilder result = new StringBuilder(text);
    if (!edits.isEmpty()) {
      new TextChange(TextChange.Origin.LOCAL, edits).applyTo(result);
    }
    return result.toString();
  }

  @Property
  void shouldGoThroughTheEventsInOrderOfArrival(@ForAll History history)
      throws MalformedUpdateException {
    CheckedReplica replica = history.runAndSettle().replica(1);
    TextHistory past = replica.document().history();
    VersionVector before = VersionVector.EMPTY;
    for (long events = 0; events <= past.eventCount(); events++) {
      VersionVector version = past.versionAfter(events);
      assertThat(version.includes(before)).isTrue();
      assertThat(version.eventsSince(VersionVector.EMPTY)).isBetween(events - 1, events);
      List<TextChange.Edit> unused = past.moveTo(version);
      CheckedReplica.requireWellFormed(past.text());
      before = version;
    }
    assertThat(before).isEqualTo(replica.version());
    assertThat(past.text()).isEqualTo(replica.text());
  }

  @Property
  void shouldTellWhoWroteWhat(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica replica = history.runAndSettle().replica(0);
    int start = random.nextInt(replica.text().length() + 1);
    int end = start + random.nextInt(replica.text().length() + 1 - start);
    int at = start;
    ReplicaId last = null;
    for (AuthorRun run : replica.document().authors(start, end)) {
      assertThat(run.start()).isEqualTo(at);
      assertThat(run.end()).isGreaterThan(at);
      assertThat(run.author()).isNotEqualTo(last);
      for (; at < run.end(); at++) {
        assertThat(replica.naive().unitAt(at).replica()).isEqualTo(run.author());
      }
      last = run.author();
    }
    assertThat(at).isEqualTo(end);
  }

  @Property
  void shouldBringBackAVersionAsANewEdit(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    Session session = new Session(history.replicas(), history.nodeCapacity());
    CheckedReplica replica = session.replica(0);
    TextDocument document = replica.document();
    List<Shown> shown = new ArrayList<>();
    shown.add(new Shown(replica.version(), replica.text()));
    for (Action action : history.actions()) {
      if (!(action instanceof Action.Restart)) {
        session.perform(action);
        shown.add(new Shown(replica.version(), replica.text()));
      }
    }
    UndoHistory undo = UndoHistory.of(document).build();
    String now = document.text();
    Shown back = shown.get(random.nextInt(shown.size()));
    replica.expectLocal();
    document.revertTo(back.version);
    document.checkInvariants();
    assertThat(document.text()).isEqualTo(back.text);
    TextDocument loaded = TextDocument.load(new ReplicaId(77), document.snapshot());
    assertThat(loaded.text()).isEqualTo(back.text);
    if (undo.undo().isPresent()) {
      assertThat(document.text()).isEqualTo(now);
      assertThat(undo.redo()).isPresent();
    }
    assertThat(document.text()).isEqualTo(back.text);
  }
}
