package dev.weft.crdt;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What may befall valid bytes on their way. Places are taken modulo the length. Immutable. */
sealed interface Damage {

  /** One byte has another value. */
  record Overwrite(int at, int value) implements Damage {}

  /** One bit has the other value. */
  record Flip(int at, int bit) implements Damage {}

  /** More bytes stand somewhere. */
  record Insert(int at, List<Integer> values) implements Damage {}

  /** Some bytes are missing. */
  record Remove(int at, int length) implements Damage {}

  /** Only the first bytes are there. */
  record Truncate(int length) implements Damage {}

  /** A part is written over another part, as when fields change places. */
  record Copy(int from, int to, int length) implements Damage {}

  /** The end is taken from other valid bytes. */
  record Splice(int at, int otherAt) implements Damage {}

  /** Returns one to four damages, so that each gets through to the checks behind the other's. */
  static Arbitrary<List<Damage>> damages() {
    Arbitrary<Integer> places =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.integers().between(0, 24)),
            Tuple.of(2, Arbitraries.integers().between(0, 2_000)));
    Arbitrary<Integer> values =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.integers().between(0, 255)),
            Tuple.of(1, Arbitraries.integers().between(0, 8)),
            Tuple.of(1, Arbitraries.of(0x7f, 0x80, 0xff)));
    // Long varints among them: sizes and sequence numbers near the ends of int and long.
    Arbitrary<List<Integer>> inserted =
        Arbitraries.frequencyOf(
            Tuple.of(2, values.list().ofMinSize(1).ofMaxSize(10)),
            Tuple.of(
                1,
                Arbitraries.of(
                    varint(Integer.MAX_VALUE),
                    varint(1L << 31),
                    varint(1L << 32),
                    varint(Long.MAX_VALUE),
                    varint(-1))));
    Arbitrary<Integer> lengths = Arbitraries.integers().between(1, 12);
    Arbitrary<Integer> bits = Arbitraries.integers().between(0, 7);
    Arbitrary<Damage> damage =
        Arbitraries.frequencyOf(
            Tuple.of(5, Combinators.combine(places, values).as(Overwrite::new)),
            Tuple.of(3, Combinators.combine(places, bits).as(Flip::new)),
            Tuple.of(3, Combinators.combine(places, inserted).as(Insert::new)),
            Tuple.of(2, Combinators.combine(places, lengths).as(Remove::new)),
            Tuple.of(1, places.map(Truncate::new)),
            Tuple.of(2, Combinators.combine(places, places, lengths).as(Copy::new)),
            Tuple.of(1, Combinators.combine(places, places).as(Splice::new)));
    return damage.list().ofMinSize(1).ofMaxSize(4).withoutEdgeCases();
  }

  /** Returns {@code valid} after all the damages; {@code other} is what splices are taken from. */
  static byte[] all(List<Damage> damages, byte[] valid, byte[] other) {
    byte[] bytes = valid.clone();
    for (Damage damage : damages) {
      if (bytes.length > 0) {
        bytes = damage.done(bytes, other);
      }
    }
    return bytes;
  }

  private byte[] done(byte[] bytes, byte[] other) {
    if (this instanceof Overwrite overwrite) {
      bytes[overwrite.at % bytes.length] = (byte) overwrite.value;
      return bytes;
    } else if (this instanceof Flip flip) {
      bytes[flip.at % bytes.length] ^= (byte) (1 << flip.bit);
      return bytes;
    } else if (this instanceof Insert insert) {
      int at = insert.at % bytes.length;
      byte[] values = new byte[insert.values.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) (int) insert.values.get(i);
      }
      return joined(Arrays.copyOf(bytes, at), values, Arrays.copyOfRange(bytes, at, bytes.length));
    } else if (this instanceof Remove remove) {
      int at = remove.at % bytes.length;
      int end = Math.min(bytes.length, at + remove.length);
      return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
    } else if (this instanceof Truncate truncate) {
      return Arrays.copyOf(bytes, truncate.length % bytes.length);
    } else if (this instanceof Copy copy) {
      int from = copy.from % bytes.length;
      int to = copy.to % bytes.length;
      int length = Math.min(copy.length, bytes.length - Math.max(from, to));
      System.arraycopy(bytes, from, bytes, to, length);
      return bytes;
    } else if (this instanceof Splice splice) {
      int at = splice.at % bytes.length;
      int otherAt = other.length == 0 ? 0 : splice.otherAt % other.length;
      return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, otherAt, other.length));
    }
    throw new AssertionError("unknown damage " + this);
  }

  /** Puts the checksum of all before the last four bytes into these, as docs/FORMAT.md says. */
  static byte[] withChecksum(byte[] bytes) {
    int end = bytes.length - 4;
    if (end < 0) {
      return bytes;
    }
    byte[] right = bytes.clone();
    CRC32C checksum = new CRC32C();
    checksum.update(right, 0, end);
    for (int i = 0; i < 4; i++) {
      right[end + i] = (byte) (checksum.getValue() >>> (8 * i));
    }
    return right;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static List<Integer> varint(long value) {
    List<Integer> bytes = new ArrayList<>();
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.add((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.add((int) rest);
    return bytes;
  }
}
