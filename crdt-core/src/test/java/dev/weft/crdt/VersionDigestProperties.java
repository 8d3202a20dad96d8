package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;

/** The digest of a version is the same wherever the version is, and another where a fork is. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class VersionDigestProperties {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

  @Property
  void shouldAgreeOnEveryVersionWhereverItIs(@ForAll History history)
      throws MalformedUpdateException {
    Session session = new Session(history.replicas(), history.nodeCapacity());
    List<VersionVector> versions = new ArrayList<>();
    List<Long> digests = new ArrayList<>();
    for (Action action : history.actions()) {
      session.perform(action);
      TextDocument document = session.replica(0).document();
      versions.add(document.version());
      digests.add(document.digest(document.version()));
    }
    session.settle();
    TextDocument settled = session.replica(0).document();
    TextDocument loaded = TextDocument.load(new ReplicaId(99), settled.snapshot());
    for (int i = 0; i < versions.size(); i++) {
      assertThat(loaded.digest(versions.get(i))).isEqualTo(digests.get(i));
      assertThat(digests.get(i)).isEqualTo(byTheBook(settled, versions.get(i)));
    }
  }

  /** As docs/FORMAT.md says it, in numbers that do not overflow by themselves. */
  private static long byTheBook(TextDocument document, VersionVector version) {
    BigInteger sum = BigInteger.ZERO;
    for (ReplicaId id : version.replicas()) {
      long next = version.next(id);
      BigInteger events =
          word(id.bits()).add(word(0x9e3779b97f4a7c15L).multiply(word(next))).mod(WORD);
      long digest = Integer.toUnsignedLong(Digests.of(document, id, next));
      BigInteger a = events.xor(word(0xbf58476d1ce4e5b9L).multiply(word(digest)).mod(WORD));
      BigInteger b = word(0xbf58476d1ce4e5b9L).multiply(a.xor(a.shiftRight(30))).mod(WORD);
      BigInteger c = word(0x94d049bb133111ebL).multiply(b.xor(b.shiftRight(27))).mod(WORD);
      sum = sum.add(c.xor(c.shiftRight(31)));
    }
    long digest = sum.longValue();
    return digest == 0 ? 1 : digest;
  }

  private static BigInteger word(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  @Test
  void shouldDifferWhereTwoDevicesWroteAsOneReplica() throws MalformedUpdateException {
    TextDocument device = TextDocument.create(new ReplicaId(1));
    device.insert(0, "common ");
    byte[] backup = device.snapshot();
    VersionVector before = device.version();
    device.insert(7, "abc");
    TextDocument copy = TextDocument.load(new ReplicaId(1), backup);
    copy.insert(7, "xyz");

    assertThat(copy.version()).isEqualTo(device.version());
    assertThat(copy.digest(before)).isEqualTo(device.digest(before));
    assertThat(copy.digest(copy.version())).isNotEqualTo(device.digest(device.version()));
  }

  @Test
  void shouldRefuseAVersionThatItHasNotSeen() {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    document.insert(0, "a");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> document.digest(VersionVector.of(new ReplicaId(1), 2)))
        .withMessageContaining("has not seen all of the version");
    assertThat(document.digest(VersionVector.EMPTY)).isOne();
  }
}
