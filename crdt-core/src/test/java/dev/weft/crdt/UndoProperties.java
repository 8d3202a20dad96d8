package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Undo and redo are about one's own edits, whatever others do at the same time. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class UndoProperties {

  /** Restarts lose the document that is observed, and restores by hand are nobody's edits. */
  private static boolean isPlain(Action action) {
    return !(action instanceof Action.Restart) && !(action instanceof Action.Restore);
  }

  @Property
  void shouldLeaveExactlyWhatOthersWroteWhenAllIsUndone(@ForAll History history)
      throws MalformedUpdateException {
    Session session = new Session(history.replicas(), history.nodeCapacity());
    CheckedReplica own = session.replica(0);
    UndoHistory undo = UndoHistory.of(own.document()).build();
    for (Action action : history.actions()) {
      if (isPlain(action)) {
        session.perform(action);
      }
    }
    session.settle();
    String before = own.text();
    ReplicaId self = history.replicas().get(0);
    String others =
        own.naive()
            .textOf(
                unit ->
                    !unit.id().replica().equals(self)
                        && unit.deletes().stream().allMatch(d -> d.replica().equals(self)));

    own.expectLocal();
    int steps = 0;
    while (undo.undo().isPresent()) {
      steps++;
      own.document().checkInvariants();
    }
    assertThat(own.document().text()).isEqualTo(others);
    requireSameElsewhere(session, own);

    own.expectLocal();
    for (int i = 0; i < steps; i++) {
      assertThat(undo.redo()).isPresent();
    }
    // What is left to redo can only be what nobody sees.
    while (undo.canRedo()) {
      assertThat(undo.redo()).isEmpty();
    }
    assertThat(own.document().text()).isEqualTo(before);
    requireSameElsewhere(session, own);
  }

  private static void requireSameElsewhere(Session session, CheckedReplica own)
      throws MalformedUpdateException {
    TextDocument other = session.replica(1).document();
    other.apply(own.document().changesSince(other.version()));
    assertThat(other.text()).isEqualTo(own.document().text());
    TextDocument loaded = TextDocument.load(new ReplicaId(77), own.document().snapshot());
    assertThat(loaded.text()).isEqualTo(own.document().text());
  }

  /** Several people edit, undo, redo and exchange as they like. */
  @Property
  void shouldTouchNothingOfOthersAndAgree(@ForAll long seed) throws MalformedUpdateException {
    Random random = new Random(seed);
    int count = 2 + random.nextInt(2);
    TextDocument[] documents = new TextDocument[count];
    UndoHistory[] histories = new UndoHistory[count];
    for (int i = 0; i < count; i++) {
      documents[i] = TextDocument.create(new ReplicaId(i), Limits.DEFAULT, 4);
      histories[i] = UndoHistory.of(documents[i]).build();
    }
    for (int step = random.nextInt(80); step >= 0; step--) {
      int who = random.nextInt(count);
      switch (random.nextInt(6)) {
        case 0, 1 -> edit(documents[who], random);
        case 2 -> requireOwn(documents[who], histories[who]::undo);
        case 3 -> requireOwn(documents[who], histories[who]::redo);
        case 4 -> requireThereAndBack(documents[who], histories[who]);
        default -> {
          TextDocument from = documents[random.nextInt(count)];
          documents[who].apply(from.changesSince(documents[who].version()));
        }
      }
      documents[who].checkInvariants();
    }
    for (int round = 0; round < 2; round++) {
      for (TextDocument to : documents) {
        for (TextDocument from : documents) {
          to.apply(from.changesSince(to.version()));
        }
      }
    }
    for (TextDocument document : documents) {
      assertThat(document.text()).isEqualTo(documents[0].text());
      assertThat(document.version()).isEqualTo(documents[0].version());
    }
  }

  private static void edit(TextDocument document, Random random) {
    int start = Session.boundary(document.text(), random.nextInt(document.length() + 1));
    int end =
        Session.boundary(
            document.text(),
            Math.min(document.length(), start + (random.nextBoolean() ? 0 : random.nextInt(6))));
    String text = random.nextInt(3) == 0 ? "" : random.nextInt(4) == 0 ? "\uD83E\uDDF5" : "abc";
    document.replace(start, Math.max(start, end), text.substring(0, text.isEmpty() ? 0 : 2));
  }

  private static void requireThereAndBack(TextDocument document, UndoHistory history) {
    String before = document.text();
    if (history.undo().isPresent()) {
      String undone = document.text();
      assertThat(history.redo()).isPresent();
      assertThat(document.text()).isEqualTo(before);
      assertThat(history.undo()).isPresent();
      assertThat(document.text()).isEqualTo(undone);
      assertThat(history.redo()).isPresent();
      assertThat(document.text()).isEqualTo(before);
    }
  }

  /** Requires that what an action hides is the replica's own, and shows what no other deleted. */
  private static void requireOwn(TextDocument document, Runnable action) {
    Contents contents = document.contents();
    boolean[] before = visible(contents);
    action.run();
    contents = document.contents();
    boolean[] after = visible(contents);
    int self = contents.history.findReplica(document.replica().bits());
    for (int unit = 0; unit < before.length; unit++) {
      if (before[unit] && !after[unit]) {
        // Its own, or one that it had deleted before.
        assertThat(
                authorOf(unit, contents) == self || deleters(unit, contents, false).contains(self))
            .isTrue();
      } else if (!before[unit] && after[unit]) {
        assertThat(deleters(unit, contents, true)).isEmpty();
      }
    }
  }

  private static boolean[] visible(Contents contents) {
    boolean[] visible = new boolean[contents.text.size()];
    for (int unit = 0; unit < visible.length; unit++) {
      visible[unit] = contents.tree.isVisible(unit);
    }
    return visible;
  }

  private static int authorOf(int unit, Contents contents) {
    return contents.history.runReplica(contents.history.runAt(contents.log.eventOfUnit(unit)));
  }

  /** Returns who deleted a unit, and, if {@code inForce}, did not take it back. */
  private static Set<Integer> deleters(int unit, Contents contents, boolean inForce) {
    OperationLog log = contents.log;
    RestoredDeletes restores = new RestoredDeletes(contents.history, log);
    Set<Integer> deletes = new HashSet<>();
    for (int event = 0; event < log.eventCount(); event++) {
      int operation = log.operationOfEvent(event);
      if (restores.unitTouchedBy(event) != unit) {
        continue;
      }
      if (log.isDelete(operation)) {
        deletes.add(event);
      } else if (log.isRestore(operation) && inForce) {
        restores.forEach(operation, event, 1, (delete, first, count) -> deletes.remove(first));
      }
    }
    Set<Integer> who = new HashSet<>();
    for (int event : List.copyOf(deletes)) {
      who.add(contents.history.runReplica(contents.history.runAt(event)));
    }
    return who;
  }
}
