package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.fixture.NaiveDocument;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Units are placed by the rule alone, whatever their origins: those that authors have, and also
 * those that only bytes from elsewhere can name (far apart, in the wrong order, in the middle of
 * another's run).
 */
class OriginProperties {
  private static final int REPLICAS = 3;

  /**
   * An insert by one of the replicas; the origins are places among all units inserted so far, taken
   * modulo one more, which stands for none.
   */
  record Insert(int replica, int left, int right, int length) {}

  @Provide
  Arbitrary<List<Insert>> inserts() {
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 200);
    return Combinators.combine(
            Arbitraries.integers().between(0, REPLICAS - 1),
            places,
            places,
            Arbitraries.integers().between(1, 5))
        .as(Insert::new)
        .list()
        .ofMaxSize(40)
        .withoutEdgeCases();
  }

  @Property
  void shouldPlaceUnitsOfAnyOriginsAsTheNaiveDocumentDoes(
      @ForAll("inserts") List<Insert> inserts, @ForAll @IntRange(min = 4, max = 9) int nodeCapacity)
      throws MalformedUpdateException {
    ReplicaId reader = new ReplicaId(42);
    TextDocument document = TextDocument.create(reader, Limits.DEFAULT, nodeCapacity);
    NaiveDocument naive = new NaiveDocument(reader);
    List<EventId> units = new ArrayList<>();
    for (Insert insert : inserts) {
      ReplicaId author = new ReplicaId(insert.replica);
      long sequence = naive.version().next(author);
      @Nullable EventId left = pick(units, insert.left);
      @Nullable EventId right = pick(units, insert.right);
      String text = String.valueOf((char) ('a' + units.size() % 26)).repeat(insert.length);

      int digest = Digests.of(document, author, sequence);
      document.apply(update(author, sequence, digest, left, right, text));
      @Nullable EventId originLeft = left;
      for (int i = 0; i < text.length(); i++) {
        EventId id = new EventId(author, sequence + i);
        VersionVector seen = VersionVector.of(author, sequence + i);
        naive.receive(
            List.of(new NaiveDocument.Insert(id, seen, originLeft, right, text.charAt(i))));
        units.add(id);
        originLeft = id;
      }

      document.checkInvariants();
      assertThat(document.version()).isEqualTo(naive.version());
      assertThat(document.text()).isEqualTo(naive.text());
    }

    TextDocument loaded = TextDocument.load(reader, document.snapshot());
    loaded.checkInvariants();
    assertThat(loaded.text()).isEqualTo(naive.text());
  }

  private static @Nullable EventId pick(List<EventId> units, int place) {
    int number = place % (units.size() + 1);
    return number == units.size() ? null : units.get(number);
  }

  private static byte[] update(
      ReplicaId author,
      long sequence,
      int digest,
      @Nullable EventId left,
      @Nullable EventId right,
      String text) {
    ChangeWriter writer = new ChangeWriter();
    writer.change(author.bits(), (int) sequence, digest, new EventList(), 0);
    writer.insert(Names.name(left), Names.name(right), text.toCharArray(), 0, text.length(), 0);
    writer.endChange(0);
    return writer.toChange().toBytes();
  }
}
