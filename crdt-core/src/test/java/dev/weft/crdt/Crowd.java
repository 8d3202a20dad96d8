package dev.weft.crdt;

import dev.weft.crdt.fixture.NaiveDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Many replicas that insert a unit each, in one of the ways that are hardest to sort: all of them
 * in the same gaps, or with origins that no author can have. Unit {@code i} is the only one of
 * replica {@code i}'s id, and refers to units of lower numbers.
 */
final class Crowd {
  private static final int NONE = -1;

  /** Which origins the units have. */
  enum Shape {
    /** All at the start of an empty document; the ids ascend. */
    ONE_PLACE_ASCENDING,
    /** All at the start of an empty document; the ids descend. */
    ONE_PLACE_DESCENDING,
    /** All at the start of an empty document; the ids are random. */
    ONE_PLACE_RANDOM,
    /** All between two units, the second of which was there before the first: left siblings. */
    ONE_PLACE_ON_THE_LEFT,
    /** Each before the one typed last. */
    BACKWARDS,
    /** Some who type backwards, from the same place on, at the same time. */
    BACKWARDS_TOGETHER,
    /** Some who type forwards, from the same place on, at the same time. */
    FORWARDS_TOGETHER,
    /** Each behind any other's unit and before nothing. */
    BEHIND_ANY,
    /** Each before any other's unit and behind nothing. */
    BEFORE_ANY,
    /** Right siblings whose origins right are all different. */
    BEHIND_ONE_BEFORE_ANY,
    /** Each inside the two before it, in turn on either side. */
    ZIGZAG,
    /** Origins at random, in any order. */
    ANYWHERE
  }

  private static final int TOGETHER = 4;

  private final Shape shape;
  private final int size;
  private final long[] ids;
  private final int[] lefts;
  private final int[] rights;
  private final int[] digests;

  Crowd(Shape shape, int size, long seed) {
    this.shape = shape;
    this.size = size;
    Random random = new Random(seed);
    ids = new long[size];
    lefts = new int[size];
    rights = new int[size];
    digests = new int[size];
    for (int unit = 0; unit < size; unit++) {
      ids[unit] =
          switch (shape) {
            case ONE_PLACE_ASCENDING -> unit;
            case ONE_PLACE_DESCENDING -> size - unit;
            default -> random.nextLong();
          };
      chooseOrigins(unit, random);
      digests[unit] = digestOf(unit);
    }
  }

  private int digestOf(int unit) {
    EventDigest digest = new EventDigest();
    digest.begin(ids[unit], 0, EventDigest.NONE);
    digest.dependOn(dependencies(unit));
    digest.insert(name(lefts[unit]), name(rights[unit]), new char[] {letter(unit)}, 0, 1, 0);
    return digest.value();
  }

  private void chooseOrigins(int unit, Random random) {
    int left = NONE;
    int right = NONE;
    switch (shape) {
      case ONE_PLACE_ASCENDING, ONE_PLACE_DESCENDING, ONE_PLACE_RANDOM -> {}
      case ONE_PLACE_ON_THE_LEFT -> {
        left = unit > 1 ? 1 : NONE;
        right = unit > 0 ? 0 : NONE;
      }
      case BACKWARDS -> right = unit - 1;
      case BACKWARDS_TOGETHER -> right = Math.max(NONE, unit - TOGETHER);
      case FORWARDS_TOGETHER -> left = Math.max(NONE, unit - TOGETHER);
      case BEHIND_ANY -> left = random.nextInt(unit + 1) - 1;
      case BEFORE_ANY -> right = random.nextInt(unit + 1) - 1;
      case BEHIND_ONE_BEFORE_ANY -> {
        left = size / 2 < unit ? size / 2 : unit - 1;
        right = size / 2 < unit ? random.nextInt(size / 2) : NONE;
      }
      case ZIGZAG -> {
        left = unit % 2 == 0 ? unit - 1 : unit - 2;
        right = unit % 2 == 0 ? unit - 2 : unit - 1;
        left = Math.max(NONE, left);
        right = Math.max(NONE, right);
      }
      case ANYWHERE -> {
        left = random.nextInt(unit + 1) - 1;
        right = random.nextInt(unit + 1) - 1;
      }
    }
    lefts[unit] = left;
    rights[unit] = right;
  }

  /** Returns all of it as one update. */
  byte[] update() {
    UpdateWriter update = new UpdateWriter(16 * size);
    for (int unit = 0; unit < size; unit++) {
      write(unit, update);
    }
    return update.toBytes();
  }

  /** Returns one replica's change, which depends on the units that it refers to. */
  byte[] update(int unit) {
    UpdateWriter update = new UpdateWriter(64);
    write(unit, update);
    return update.toBytes();
  }

  private EventList dependencies(int unit) {
    EventList dependencies = new EventList();
    for (int origin : new int[] {lefts[unit], rights[unit]}) {
      if (origin != NONE) {
        dependencies.add(ids[origin], 0, digests[origin]);
      }
    }
    return dependencies;
  }

  private void write(int unit, UpdateWriter update) {
    update.change(ids[unit], 0, 0, dependencies(unit), 0);
    update.insert(name(lefts[unit]), name(rights[unit]), new char[] {letter(unit)}, 0, 1, 0);
    update.endChange(0);
  }

  private EventName name(int unit) {
    return unit == NONE ? Names.none() : Names.name(ids[unit], 0);
  }

  /** Returns the same as operations of the naive document. */
  List<NaiveDocument.Operation> operations() {
    List<NaiveDocument.Operation> operations = new ArrayList<>();
    for (int unit = 0; unit < size; unit++) {
      operations.add(
          new NaiveDocument.Insert(
              new EventId(new ReplicaId(ids[unit]), 0),
              VersionVector.EMPTY,
              event(lefts[unit]),
              event(rights[unit]),
              letter(unit)));
    }
    return operations;
  }

  private @Nullable EventId event(int unit) {
    return unit == NONE ? null : new EventId(new ReplicaId(ids[unit]), 0);
  }

  /** Returns a character of the unit's own, as long as there are few enough. */
  private static char letter(int unit) {
    return (char) ('\u4e00' + unit % 20_000);
  }
}
