package dev.weft.crdt;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a text that stays where it is while the text around it changes: between two units, and
 * holding to one of them. For carets, selections, comments, marks. Immutable.
 *
 * <pre>{@code
 * Anchor place = document.anchor(4, Bias.LEFT);
 * document.insert(0, "more before: ");
 * int index = document.indexOf(place).getAsInt(); // 17
 * }</pre>
 *
 * <p>The place is good for ever. If the unit that it holds to is deleted, it is where that unit
 * was, between what stood on either side, and if the unit is restored it is beside it again. On all
 * replicas that have seen the same it is the same place.
 *
 * <p>An anchor at the very start with {@link Bias#LEFT} stays at the start, one at the very end
 * with {@link Bias#RIGHT} at the end, whatever is inserted there.
 */
public final class Anchor {
  /** The start of the text. */
  public static final Anchor START = new Anchor(Bias.LEFT, null);

  /** The end of the text. */
  public static final Anchor END = new Anchor(Bias.RIGHT, null);

  private static final int AT_START = 0;
  private static final int AT_END = 1;
  private static final int BEHIND_UNIT = 2;
  private static final int BEFORE_UNIT = 3;

  private final Bias bias;
  private final @Nullable EventId unit;

  private Anchor(Bias bias, @Nullable EventId unit) {
    this.bias = bias;
    this.unit = unit;
  }

  /**
   * Returns the anchor that holds to the inserted unit of that name, which is on its bias' side.
   */
  static Anchor at(EventId unit, Bias bias) {
    return new Anchor(bias, unit);
  }

  /** Returns to which side the anchor holds. */
  public Bias bias() {
    return bias;
  }

  /** Returns the unit that the anchor holds to, null for {@link #START} and {@link #END}. */
  @Nullable EventId unit() {
    return unit;
  }

  /**
   * Returns the anchor in the binary form of {@code docs/FORMAT.md}, "Anchor": 14 bytes at most.
   */
  public byte[] toBytes() {
    ByteWriter out = new ByteWriter(16);
    boolean left = bias == Bias.LEFT;
    if (unit == null) {
      out.writeByte(left ? AT_START : AT_END);
    } else {
      out.writeByte(left ? BEHIND_UNIT : BEFORE_UNIT);
      out.writeFixed64(unit.replica().bits());
      out.writeVarint(unit.sequence());
    }
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws MalformedUpdateException if the bytes are not an anchor
   */
  public static Anchor parse(byte[] bytes) throws MalformedUpdateException {
    ByteReader in = new ByteReader(bytes);
    int kind = in.readByte("kind of anchor");
    Anchor anchor;
    switch (kind) {
      case AT_START -> anchor = START;
      case AT_END -> anchor = END;
      case BEHIND_UNIT, BEFORE_UNIT -> {
        ReplicaId replica = new ReplicaId(in.readFixed64("replica id"));
        int sequence = in.readInt("sequence number", Integer.MAX_VALUE);
        Bias bias = kind == BEHIND_UNIT ? Bias.LEFT : Bias.RIGHT;
        anchor = at(new EventId(replica, sequence), bias);
      }
      default ->
          throw ByteReader.malformedAt(0, "a kind of anchor from 0 to 3", Integer.toString(kind));
    }
    in.requireEnd("anchor");
    return anchor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Anchor that && bias == that.bias && Objects.equals(unit, that.unit);
  }

  @Override
  public int hashCode() {
    return 31 * bias.hashCode() + Objects.hashCode(unit);
  }

  /** Returns {@code start}, {@code end}, or behind or before which event's unit. */
  @Override
  public String toString() {
    boolean left = bias == Bias.LEFT;
    if (unit == null) {
      return left ? "start" : "end";
    }
    return (left ? "behind " : "before ") + unit;
  }
}
