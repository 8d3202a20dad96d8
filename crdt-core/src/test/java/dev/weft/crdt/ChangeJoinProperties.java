package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Joined changes are the same events in fewer changes. */
class ChangeJoinProperties {
  @Property(tries = 200)
  void shouldBeSameHistoryWhenJoined(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    List<TextDocument> documents = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      documents.add(TextDocument.create(new ReplicaId(random.nextLong())));
    }
    List<Change> changes = new ArrayList<>();
    for (int step = 0; step < 150; step++) {
      TextDocument document = documents.get(random.nextInt(documents.size()));
      if (random.nextInt(10) == 0) {
        for (TextDocument other : documents) {
          document.apply(other.changesSince(document.version()));
        }
      }
      for (int burst = random.nextInt(8); burst >= 0; burst--) {
        changes.addAll(edit(document, random));
      }
    }

    List<Change> joined = Change.join(changes);

    assertThat(joined.size()).isLessThan(changes.size());
    TextDocument fromChanges = TextDocument.create(new ReplicaId(1));
    TextDocument fromJoined = TextDocument.create(new ReplicaId(1));
    assertThat(fromChanges.apply(Change.combine(changes)).isComplete()).isTrue();
    assertThat(fromJoined.apply(Change.combine(joined)).isComplete()).isTrue();
    assertThat(fromJoined.text()).isEqualTo(fromChanges.text());
    assertThat(fromJoined.version()).isEqualTo(fromChanges.version());
    // Compares what each has of each replica by its digest.
    fromChanges.merge(fromJoined);
    assertThat(Change.join(joined)).isEqualTo(joined);
  }

  private static List<Change> edit(TextDocument document, Random random) throws Exception {
    long next = document.nextSequence();
    int length = document.length();
    int at = random.nextInt(length + 1);
    switch (random.nextInt(12)) {
      case 0 -> document.insert(before(document, at), "\ud83d\ude00");
      case 1, 2 -> document.delete(before(document, length / 3), before(document, length / 2));
      case 3, 4 -> document.delete(before(document, Math.max(0, length - 1)), length);
      case 5 -> document.nameVersion("name " + next);
      case 6 -> document.revertTo(document.version());
      case 7 -> document.insert(before(document, at), "word");
      default -> document.insert(length, "a");
    }
    return document.nextSequence() == next
        ? List.of()
        : Change.parse(document.ownChangesSince(next));
  }

  /** The nearest index at or before {@code index} that parts no pair. */
  private static int before(TextDocument document, int index) {
    return index > 0
            && index < document.length()
            && Character.isLowSurrogate(document.charAt(index))
        ? index - 1
        : index;
  }

  @Test
  void shouldMakeOneChangeOfWhatOneAuthorTyped() throws Exception {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      document.insert(i, "a");
      changes.addAll(Change.parse(document.ownChangesSince(i)));
    }
    for (int i = 0; i < 50; i++) {
      document.delete(99 - i, 100 - i);
      changes.addAll(Change.parse(document.ownChangesSince(100 + i)));
    }
    for (int i = 0; i < 20; i++) {
      document.delete(0, 1);
      changes.addAll(Change.parse(document.ownChangesSince(150 + i)));
    }

    List<Change> joined = Change.join(changes);

    assertThat(joined).hasSize(1);
    assertThat(joined.get(0).toBytes()).isEqualTo(document.changesSince(VersionVector.EMPTY));
  }

  @Test
  void shouldStartNewChangeWhenItDependsOnOthers() throws Exception {
    TextDocument ann = TextDocument.create(new ReplicaId(1));
    TextDocument ben = TextDocument.create(new ReplicaId(2));
    ann.insert(0, "a");
    ben.insert(0, "b");
    List<Change> changes = new ArrayList<>(Change.parse(ann.ownChangesSince(0)));
    changes.addAll(Change.parse(ben.ownChangesSince(0)));
    ann.apply(ben.ownChangesSince(0));
    ann.insert(2, "c");
    changes.addAll(Change.parse(ann.ownChangesSince(1)));

    assertThat(Change.join(changes)).isEqualTo(changes);
  }
}
