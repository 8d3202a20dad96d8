package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Documents with a part of the history beside those with all of it. */
class ShallowProperties {
  private static final String[] TEXTS = {"a", "bc", "def", "\ud83e\uddf5", "x\ud83e\uddf5"};

  /**
   * Some write together; now and then all meet, and somebody goes on from a shallow snapshot, or
   * comes anew with one. All see the same as those who have everything.
   */
  @Property(tries = 1_000)
  void shouldGoOnAsIfTheWholeHistoryWereThere(@ForAll long seed) throws MalformedUpdateException {
    Random random = new Random(seed);
    int nodeCapacity = 4 + random.nextInt(30);
    List<TextDocument> documents = new ArrayList<>();
    long id = 1;
    for (; id <= 3; id++) {
      documents.add(TextDocument.create(id(id, random), Limits.DEFAULT, nodeCapacity));
    }
    for (int round = 0; round < 4; round++) {
      write(documents, random);
      if (random.nextInt(4) > 0) {
        meet(documents);
      }
      TextDocument source = documents.get(random.nextInt(documents.size()));
      VersionVector stable = knownToBeStable(source, documents);
      byte[] shallow = source.shallowSnapshot(stable);
      if (!stable.isEmpty()) {
        TextDocument document =
            TextDocument.load(id(id++, random), shallow, Limits.DEFAULT, nodeCapacity);
        document.checkInvariants();
        assertThat(document.text()).isEqualTo(source.text());
        assertThat(document.version()).isEqualTo(source.version());
        assertThat(TextDocument.readText(shallow)).isEqualTo(source.text());
        documents.add(document);
      }
    }
    write(documents, random);
    meet(documents);
    TextDocument again =
        TextDocument.load(id(id, random), documents.get(3 % documents.size()).snapshot());
    assertThat(again.text()).isEqualTo(documents.get(0).text());
    for (TextDocument document : documents) {
      document.checkInvariants();
      assertThat(document.textAt(document.version())).isEqualTo(document.text());
      requireSameDigests(document, again);
    }
  }

  /** All who have the same events find the same digests of them, wherever their history begins. */
  private static void requireSameDigests(TextDocument document, TextDocument other) {
    VersionVector base = document.historyBase().merge(other.historyBase());
    for (ReplicaId replica : other.version().replicas()) {
      long first = Math.max(1, base.next(replica));
      for (long sequence = first; sequence <= other.version().next(replica); sequence++) {
        assertThat(Digests.of(document, replica, sequence))
            .as("%s up to %d", replica, sequence)
            .isEqualTo(Digests.of(other, replica, sequence));
      }
    }
  }

  /** Whoever comes back from below writes anew what it wrote, and nothing of it is lost. */
  @Property(tries = 500)
  void shouldLoseNothingOfWhoComesBackFromBelow(@ForAll long seed) throws MalformedUpdateException {
    Random random = new Random(seed);
    List<TextDocument> documents = new ArrayList<>();
    for (long id = 1; id <= 2; id++) {
      documents.add(TextDocument.create(id(id, random)));
    }
    TextDocument away = TextDocument.create(id(3, random));
    write(documents, random);
    meet(documents);
    away.merge(documents.get(0));
    int before = away.length();
    for (int i = random.nextInt(6); i >= 0; i--) {
      away.insert(away.boundaryAt(random.nextInt(away.length() + 1)), "<" + i + ">");
    }
    if (before > 0 && random.nextBoolean()) {
      away.delete(0, Math.max(1, away.boundaryAt(2)));
    }
    String marks = away.text().replaceAll("[^<0-9>]", "");
    write(documents, random);
    meet(documents);
    documents.get(0).insert(0, ".");
    documents.get(1).merge(documents.get(0));
    TextDocument source = documents.get(0);
    byte[] shallow = source.shallowSnapshot(source.version());
    TextDocument back = TextDocument.load(id(4, random), shallow);
    VersionVector known = back.version();
    back.rebase(away);

    assertThat(back.text().replaceAll("[^<0-9>]", "")).isEqualTo(marks);
    source.merge(back);
    assertThat(source.text()).isEqualTo(back.text());
    assertThat(back.history().difference(known, back.version()))
        .allSatisfy(edit -> assertThat(edit.inserted()).matches("[<0-9>]*"));
    back.checkInvariants();
  }

  private static ReplicaId id(long number, Random random) {
    // In no order, for ids decide ties.
    return new ReplicaId(((long) random.nextInt(1 << 20) << 20) + number);
  }

  /** Returns what all have seen, if one has all that they wrote before they had. */
  private static VersionVector knownToBeStable(TextDocument source, List<TextDocument> documents) {
    boolean hasAll =
        documents.stream()
            .allMatch(other -> source.version().next(other.replica()) == other.nextSequence());
    return hasAll
        ? VersionVector.causallyStable(documents.stream().map(TextDocument::version).toList())
        : VersionVector.EMPTY;
  }

  private static void write(List<TextDocument> documents, Random random) {
    int steps = random.nextInt(12);
    for (int i = 0; i < steps; i++) {
      TextDocument document = documents.get(random.nextInt(documents.size()));
      if (random.nextInt(4) == 0) {
        exchange(documents.get(random.nextInt(documents.size())), document);
      } else {
        edit(document, random);
      }
    }
  }

  /** A document that begins later cannot tell what the other lacks. */
  private static void exchange(TextDocument from, TextDocument to) {
    if (to.version().includes(from.historyBase())) {
      to.merge(from);
    }
  }

  private static void meet(List<TextDocument> documents) {
    // The first has the whole history, and gets everything first.
    for (TextDocument document : documents) {
      documents.get(0).merge(document);
    }
    for (TextDocument document : documents) {
      document.merge(documents.get(0));
      assertThat(document.text()).isEqualTo(documents.get(0).text());
      assertThat(document.version()).isEqualTo(documents.get(0).version());
    }
  }

  private static void edit(TextDocument document, Random random) {
    int start = document.boundaryAt(random.nextInt(document.length() + 1));
    if (random.nextInt(3) == 0) {
      int end = document.boundaryAt(start + random.nextInt(document.length() + 1 - start));
      document.delete(start, Math.max(start, end));
    } else if (random.nextInt(6) == 0 && document.length() > 0) {
      UndoHistory undo = UndoHistory.of(document).build();
      document.delete(0, document.boundaryAt(1 + random.nextInt(document.length())));
      var unused = undo.undo();
      undo.close();
    } else {
      document.insert(start, TEXTS[random.nextInt(TEXTS.length)]);
    }
  }
}
