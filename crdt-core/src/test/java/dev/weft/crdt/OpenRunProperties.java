package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Nobody can tell whether a run of typing or deleting is still open: a document answers every call
 * as one does that is settled after each step, and in the end both hold the same bytes.
 */
class OpenRunProperties {
  private static final ReplicaId AUTHOR = new ReplicaId(11);
  private static final ReplicaId PEER = new ReplicaId(5);

  /** What the author does. Places are taken modulo the length of the text. */
  enum Act {
    TYPE,
    BACKSPACE,
    DELETE,
    JUMP,
    DELETE_RANGE,
    REPLACE,
    TRANSACT,
    PART_A_PAIR,
    TYPE_HALF_A_PAIR,
    OUTSIDE,
    CHAR_AT,
    TEXT,
    PART_OF_TEXT,
    VERSION,
    NEXT_SEQUENCE,
    FRONTIER,
    CHANGES_SINCE,
    OWN_CHANGES_SINCE,
    SNAPSHOT,
    FORK,
    APPLY,
    APPLY_DAMAGED,
    OBSERVE,
    CHECK
  }

  /** One act: how often it is repeated, where, and with what text. */
  record Step(Act act, int times, int place, String text) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Act> acts =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of(Act.TYPE, Act.BACKSPACE, Act.DELETE, Act.JUMP)),
            Tuple.of(1, Arbitraries.of(Act.values())));
    Arbitrary<String> texts =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.strings().withChars("abc").ofLength(1)),
            Tuple.of(1, Arbitraries.strings().withChars("xyz").ofMinLength(2).ofMaxLength(9)),
            Tuple.of(1, Arbitraries.of("\uD83D\uDE00", "a\uD83D\uDE00", "\u4e2d")));
    return Combinators.combine(
            acts,
            Arbitraries.integers().between(1, 6),
            Arbitraries.integers().between(0, 200),
            texts)
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property
  void shouldBeTheSameAsSettlingAfterEachStep(
      @ForAll("steps") List<Step> steps, @ForAll boolean small) throws MalformedUpdateException {
    Limits limits =
        small
            ? new Limits(
                Limits.DEFAULT.maxUpdateBytes(),
                Limits.DEFAULT.maxReplicas(),
                Limits.DEFAULT.maxRuns(),
                40,
                Limits.DEFAULT.maxBacklogChanges(),
                Limits.DEFAULT.maxBacklogBytes())
            : Limits.DEFAULT;
    Pair pair = new Pair(limits);
    for (Step step : steps) {
      pair.perform(step);
    }
    pair.compareAll();
  }

  /** A document that is left alone between the steps, and one that is settled after each. */
  private static final class Pair {
    private final TextDocument open;
    private final TextDocument settled;
    private final TextDocument peer = TextDocument.create(PEER, Limits.DEFAULT, 4);
    private final List<TextChange> openTold = new ArrayList<>();
    private final List<TextChange> settledTold = new ArrayList<>();
    private final StringBuilder expected = new StringBuilder();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private VersionVector seen = VersionVector.EMPTY;
    private int caret;

    Pair(Limits limits) {
      open = TextDocument.create(AUTHOR, limits, 4);
      settled = TextDocument.create(AUTHOR, limits, 4);
    }

    void perform(Step step) throws MalformedUpdateException {
      for (int i = 0; i < step.times(); i++) {
        performOnce(step);
        assertThat(open.length()).isEqualTo(expected.length());
        settled.checkInvariants();
        assertThat(settled.length()).isEqualTo(expected.length());
        assertThat(openTold).isEqualTo(settledTold);
      }
    }

    private void performOnce(Step step) throws MalformedUpdateException {
      int place = Session.boundary(settled.text(), step.place() % (expected.length() + 1));
      switch (step.act()) {
        case TYPE -> edit(caret, caret, step.text());
        case BACKSPACE -> {
          if (caret > 0) {
            edit(expected.offsetByCodePoints(caret, -1), caret, "");
          }
        }
        case DELETE -> {
          if (caret < expected.length()) {
            edit(caret, expected.offsetByCodePoints(caret, 1), "");
          }
        }
        case JUMP -> caret = place;
        case DELETE_RANGE -> edit(Math.min(caret, place), Math.max(caret, place), "");
        case REPLACE -> edit(Math.min(caret, place), Math.max(caret, place), step.text());
        case TRANSACT -> transact(step, place);
        default -> ask(step, place);
      }
    }

    private void transact(Step step, int place) {
      int at = caret;
      int used = outcome(() -> open.transact(() -> keys(open, at, place, step.text())));
      assertThat(outcome(() -> settled.transact(() -> keys(settled, at, place, step.text()))))
          .isEqualTo(used);
      expected.replace(0, expected.length(), settled.text());
      caret = Session.boundary(expected.toString(), Math.min(caret, expected.length()));
    }

    private static void keys(TextDocument document, int caret, int place, String text) {
      document.insert(caret, text);
      document.insert(caret + text.length(), text);
      document.delete(caret, caret + text.length());
      document.replace(0, 0, text);
      document.transact(() -> document.insert(text.length(), "ab"));
      document.insert(Math.min(place, caret), "c");
    }

    /** Makes an edit in both, which both must take or refuse for the same reason. */
    private void edit(int start, int end, String text) {
      String refusal = refusal(() -> edit(open, start, end, text));
      assertThat(refusal(() -> edit(settled, start, end, text))).isEqualTo(refusal);
      if (refusal == null) {
        expected.replace(start, end, text);
        caret = start + text.length();
      }
    }

    private static void edit(TextDocument document, int start, int end, String text) {
      if (start == end) {
        document.insert(start, text);
      } else if (text.isEmpty()) {
        document.delete(start, end);
      } else {
        document.replace(start, end, text);
      }
    }

    private static @Nullable String refusal(Runnable edit) {
      try {
        edit.run();
        return null;
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        return e.toString();
      }
    }

    private static int outcome(Runnable edit) {
      String refusal = refusal(edit);
      return refusal == null ? 0 : refusal.hashCode();
    }

    private void ask(Step step, int place) throws MalformedUpdateException {
      switch (step.act()) {
        case PART_A_PAIR -> {
          int high = expected.indexOf("\uD83D");
          if (high >= 0) {
            edit(high + 1, high + 1, step.text());
            edit(high, high + 1, "");
            edit(high + 1, high + 2, "");
          }
        }
        case TYPE_HALF_A_PAIR -> edit(caret, caret, step.text() + "\uD83D");
        case OUTSIDE -> {
          edit(expected.length() + 1, expected.length() + 1, step.text());
          edit(expected.length(), expected.length() + 1, "");
        }
        case CHAR_AT -> {
          if (place < expected.length()) {
            assertThat(open.charAt(place)).isEqualTo(expected.charAt(place));
          }
        }
        case TEXT -> assertThat(open.text()).isEqualTo(expected.toString());
        case PART_OF_TEXT ->
            assertThat(open.text(0, place)).isEqualTo(expected.substring(0, place));
        case VERSION -> {
          seen = open.version();
          assertThat(seen).isEqualTo(settled.version());
        }
        case NEXT_SEQUENCE -> assertThat(open.nextSequence()).isEqualTo(settled.nextSequence());
        case FRONTIER -> assertThat(open.frontier()).isEqualTo(settled.frontier());
        case CHANGES_SINCE ->
            assertThat(open.changesSince(seen)).isEqualTo(settled.changesSince(seen));
        case OWN_CHANGES_SINCE -> {
          long since = seen.next(AUTHOR);
          assertThat(open.ownChangesSince(since)).isEqualTo(settled.ownChangesSince(since));
        }
        case SNAPSHOT -> assertThat(open.snapshot()).isEqualTo(settled.snapshot());
        case FORK ->
            assertThat(open.fork(new ReplicaId(99)).snapshot()).isEqualTo(settled.snapshot());
        case APPLY -> apply(step, place);
        case APPLY_DAMAGED -> applyDamaged();
        case OBSERVE -> observe();
        case CHECK -> open.checkInvariants();
        default -> throw new AssertionError(step.act());
      }
    }

    private void apply(Step step, int place) throws MalformedUpdateException {
      peer.apply(settled.changesSince(peer.version()));
      peer.insert(Session.boundary(peer.text(), Math.min(place, peer.length())), step.text());
      byte[] update = peer.changesSince(seen);
      String refusal = refusalOf(open, update);
      assertThat(refusalOf(settled, update)).isEqualTo(refusal);
      expected.replace(0, expected.length(), settled.text());
      caret = Session.boundary(expected.toString(), Math.min(caret, expected.length()));
    }

    private void applyDamaged() {
      byte[] update = settled.changesSince(VersionVector.EMPTY);
      update[update.length - 1] ^= 1;
      String refusal = refusalOf(open, update);
      assertThat(refusal).isNotNull();
      assertThat(refusalOf(settled, update)).isEqualTo(refusal);
    }

    private static @Nullable String refusalOf(TextDocument document, byte[] update) {
      try {
        ApplyResult unused = document.apply(update);
        return null;
      } catch (MalformedUpdateException e) {
        return e.getMessage();
      }
    }

    private void observe() {
      if (subscriptions.isEmpty()) {
        subscriptions.add(open.observe(openTold::add));
        subscriptions.add(settled.observe(settledTold::add));
      } else {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
      }
    }

    void compareAll() {
      assertThat(open.changesSince(VersionVector.EMPTY))
          .isEqualTo(settled.changesSince(VersionVector.EMPTY));
      assertThat(open.snapshot()).isEqualTo(settled.snapshot());
      assertThat(open.text()).isEqualTo(settled.text()).isEqualTo(expected.toString());
      assertThat(open.version()).isEqualTo(settled.version());
      open.checkInvariants();
    }
  }
}
