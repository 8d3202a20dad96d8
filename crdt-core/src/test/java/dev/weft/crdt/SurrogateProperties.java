package dev.weft.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.Replacement;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * A surrogate pair is never split, neither by an edit nor by a merge, and half of one never enters.
 */
class SurrogateProperties {
  private static final String THREAD = "\uD83E\uDDF5";
  private static final String YARN = "\uD83E\uDDF6";

  @Provide
  Arbitrary<String> pairs() {
    return Arbitraries.of("a", THREAD, YARN)
        .list()
        .ofMaxSize(8)
        .map(units -> String.join("", units));
  }

  /** Texts with at least one unpaired surrogate. */
  @Provide
  Arbitrary<String> broken() {
    Arbitrary<String> halves =
        Arbitraries.of(
            "\uD83E", "\uDDF5", "\uDDF5\uD83E", "\uD83E" + THREAD, THREAD + "\uDDF5", "\uD83Ea");
    // The neighbours are letters: a half beside another half could make a whole.
    return Combinators.combine(Arbitraries.of("", "x"), halves, Arbitraries.of("", "y"))
        .as((before, half, after) -> before + half + after);
  }

  /** Whoever wrote after the first half of a pair had seen what nobody can have. */
  @Test
  void shouldRefuseASnapshotWhereSomebodyHadSeenHalfOfAPair() throws Exception {
    TextDocument alice = TextDocument.create(new ReplicaId(1));
    TextDocument bob = TextDocument.create(new ReplicaId(2));
    alice.insert(0, "a");
    bob.apply(alice.changesSince(VersionVector.EMPTY));
    alice.insert(1, "b");
    bob.insert(0, "x");
    alice.apply(bob.changesSince(VersionVector.EMPTY));
    SnapshotParts parts = SnapshotParts.of(alice.snapshot());
    assertThat(TextDocument.load(new ReplicaId(3), parts.toBytes()).text()).isEqualTo("xab");

    byte[] forged = parts.with(SnapshotParts.VISIBLE, ("x" + THREAD).getBytes(UTF_8)).toBytes();

    assertThatThrownBy(() -> TextDocument.load(new ReplicaId(3), forged))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining(
            "expected whole surrogate pairs, actual run 1 depends on half of one");
  }

  @Property
  void shouldRefuseEditsThatSplitAPair(
      @ForAll("pairs") String text,
      @ForAll("pairs") String inserted,
      @ForAll("pairs") String tail) {
    TextDocument document = TextDocument.create(new ReplicaId(1), Limits.DEFAULT, 4);
    document.insert(0, tail);
    document.insert(0, text);
    String whole = text + tail;
    VersionVector version = document.version();

    for (int at = 1; at < whole.length(); at++) {
      if (Session.boundary(whole, at) == at) {
        continue;
      }
      int split = at;
      int before = at - 1;
      int after = at + 1;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> document.insert(split, inserted + "z"))
          .withMessageContaining(String.valueOf(split));
      assertThatIllegalArgumentException().isThrownBy(() -> document.delete(before, split));
      assertThatIllegalArgumentException().isThrownBy(() -> document.delete(split, after));
      assertThatIllegalArgumentException().isThrownBy(() -> document.delete(0, split));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> document.replace(split, whole.length(), inserted));
    }

    document.checkInvariants();
    assertThat(document.text()).isEqualTo(whole);
    assertThat(document.version()).isEqualTo(version);
  }

  @Property
  void shouldRefuseTextWithAnUnpairedSurrogate(@ForAll("broken") String broken) {
    TextDocument document = TextDocument.create(new ReplicaId(1), Limits.DEFAULT, 4);
    document.insert(0, THREAD + "ab");
    VersionVector version = document.version();

    assertThatIllegalArgumentException().isThrownBy(() -> document.insert(2, broken));
    assertThatIllegalArgumentException().isThrownBy(() -> document.replace(0, 3, broken));

    assertThat(document.text()).isEqualTo(THREAD + "ab");
    assertThat(document.version()).isEqualTo(version);
  }

  /** Every check of a session requires the text to be well-formed. */
  @Property
  void shouldKeepPairsWholeWhenReplicasEditAroundThem(
      @ForAll("edits") List<Action> first, @ForAll("edits") List<Action> second)
      throws MalformedUpdateException {
    Session session = new Session(List.of(new ReplicaId(1), new ReplicaId(2)), 4);
    for (List<Action> round : List.of(first, second)) {
      for (Action action : round) {
        session.perform(action);
      }
      session.settle();
    }
  }

  @Provide
  Arbitrary<List<Action>> edits() {
    Arbitrary<Integer> replicas = Arbitraries.integers().between(0, 1);
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 12);
    Arbitrary<Action> edits =
        Combinators.combine(replicas, places, Arbitraries.integers().between(0, 3), pairs())
            .as(
                (replica, at, length, text) ->
                    new Action.Edit(replica, new Replacement(at, length, text)));
    return edits.list().ofMaxSize(10);
  }

  @Property(tries = 20)
  void shouldDeletePairsWhole(@ForAll @IntRange(min = 1, max = 20) int count) {
    CheckedReplica replica = new CheckedReplica(new ReplicaId(1), 4);
    replica.edit(0, 0, THREAD.repeat(count));
    for (int left = count; left > 0; left--) {
      replica.edit(0, 2, "");
    }
    assertThat(replica.version().next(new ReplicaId(1))).isEqualTo(4L * count);
  }

  /** What no author can have done, but bytes can say. */
  @Property
  void shouldRefuseUpdatesThatSplitAPairAndTakeInOthers(
      @ForAll("pairs") String text,
      @ForAll @IntRange(max = 16) int at,
      @ForAll @IntRange(min = 1, max = 6) int length)
      throws MalformedUpdateException {
    ReplicaId author = new ReplicaId(1);
    TextDocument document = TextDocument.create(author, Limits.DEFAULT, 4);
    document.insert(0, text);
    int start = at % (text.length() + 1);
    int end = Math.min(text.length(), start + length);
    boolean splitsAtStart = Session.boundary(text, start) < start;
    boolean splitsAtEnd = Session.boundary(text, end) < end;
    byte[] snapshot = document.snapshot();

    if (start < end) {
      boolean splits = splitsAtStart || splitsAtEnd;
      assertThat(
              isRefused(
                  snapshot, change -> change.delete(Names.name(1, start), end - start, false, 0)))
          .as("deletion upwards")
          .isEqualTo(splits);
      assertThat(
              isRefused(
                  snapshot, change -> change.delete(Names.name(1, end - 1), end - start, true, 0)))
          .as("deletion downwards")
          .isEqualTo(splits);
    }
    char[] inserted = {'!'};
    EventName none = Names.none();
    EventName left = start == 0 ? none : Names.name(1, start - 1);
    EventName right = start == text.length() ? none : Names.name(1, start);
    assertThat(isRefused(snapshot, change -> change.insert(left, right, inserted, 0, 1, 0)))
        .as("insert between")
        .isEqualTo(splitsAtStart);
    assertThat(isRefused(snapshot, change -> change.insert(left, none, inserted, 0, 1, 0)))
        .as("insert somewhere behind")
        .isEqualTo(splitsAtStart);
    assertThat(isRefused(snapshot, change -> change.insert(none, right, inserted, 0, 1, 0)))
        .as("insert somewhere before")
        .isEqualTo(splitsAtStart);
  }

  /** Returns whether a change of another replica is refused; if not, checks what came of it. */
  private static boolean isRefused(byte[] snapshot, Consumer<ChangeWriter> operation)
      throws MalformedUpdateException {
    TextDocument document = TextDocument.load(new ReplicaId(3), snapshot);
    ChangeWriter writer = new ChangeWriter();
    writer.change(2, 0, 0, new EventList(), 0);
    operation.accept(writer);
    writer.endChange(0);
    byte[] update = writer.toChange().toBytes();
    try {
      document.apply(update);
    } catch (MalformedUpdateException e) {
      return true;
    }
    document.checkInvariants();
    CheckedReplica.requireWellFormed(document.text());
    return false;
  }

  @Test
  void shouldRefuseASnapshotInWhichTwoReplicasDeleteHalfAPairEach() throws Exception {
    Contents contents = new Contents(SpanTree.DEFAULT_NODE_CAPACITY);
    contents.text.append("x\uD83D\uDE00y");
    for (long replica = 1; replica <= 3; replica++) {
      int number = contents.history.findOrAddReplica(replica);
      if (replica == 1) {
        contents.log.appendInsert(OperationLog.NONE, OperationLog.NONE, 4);
        contents.history.appendRemote(number, new int[0], new int[0], new int[0], 0, 4);
      } else {
        contents.log.appendForwardDelete((int) replica - 1, 1);
        contents.history.appendRemote(number, new int[] {3}, new int[] {0}, new int[1], 1, 1);
      }
    }
    contents.integrator.integrate(0, new EditRecorder(contents.text));
    byte[] snapshot = SnapshotWriter.write(contents);
    assertThatThrownBy(() -> TextDocument.load(new ReplicaId(9), snapshot))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining("surrogate pairs");
  }
}
