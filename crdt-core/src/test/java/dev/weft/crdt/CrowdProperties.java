package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.fixture.NaiveDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** Wherever a {@link Crowd} inserts, all replicas show it in the order of the naive document. */
class CrowdProperties {
  private static final ReplicaId READER = new ReplicaId(42);

  @Provide
  Arbitrary<Integer> sizes() {
    // As many large ones as small ones: what is hard about a crowd is its size.
    return Arbitraries.integers().between(1, 120).withDistribution(RandomDistribution.uniform());
  }

  @Property
  void shouldEqualTheNaiveDocumentAfterEveryUnit(
      @ForAll Crowd.Shape shape, @ForAll("sizes") int size, @ForAll long seed)
      throws MalformedUpdateException {
    Crowd crowd = new Crowd(shape, size, seed);
    TextDocument document = TextDocument.create(READER, Limits.DEFAULT, 4);
    NaiveDocument naive = new NaiveDocument(READER);
    List<NaiveDocument.Operation> operations = crowd.operations();

    for (int unit = 0; unit < size; unit++) {
      document.apply(crowd.update(unit));
      naive.receive(List.of(operations.get(unit)));
      document.checkInvariants();
      assertThat(document.text()).isEqualTo(naive.text());
    }
  }

  @Property
  void shouldReachOneOrderWhateverArrivesFirst(
      @ForAll Crowd.Shape shape, @ForAll("sizes") int size, @ForAll long seed)
      throws MalformedUpdateException {
    Crowd crowd = new Crowd(shape, size, seed);
    TextDocument inOrder = TextDocument.create(READER, Limits.DEFAULT, 4);
    inOrder.apply(crowd.update());
    List<Integer> units = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    Collections.shuffle(units, new Random(seed));

    TextDocument shuffled = TextDocument.create(READER, Limits.DEFAULT, 5);
    for (int unit : units) {
      shuffled.apply(crowd.update(unit));
      shuffled.checkInvariants();
    }

    assertThat(shuffled.text()).isEqualTo(inOrder.text());
    assertThat(TextDocument.load(READER, shuffled.snapshot()).text()).isEqualTo(inOrder.text());
  }
}
