package dev.weft.desktop.history;

import dev.weft.crdt.ReplicaId;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What those who wrote a text are called, and in which colors they are shown. The history knows no
 * names, only replica ids; all ids of this device are "you". Immutable.
 */
final class Authors {
  private static final String YOU = "you";

  /** The fewest digits of an id that are shown; more where they would not tell two apart. */
  private static final int FEWEST_DIGITS = 4;

  private static final Color OWN = new Color(0x0072B2);

  /** Told apart by most people, whichever colors they see. */
  private static final List<Color> OTHERS =
      List.of(
          new Color(0xE69F00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xF0E442),
          new Color(0xD55E00),
          new Color(0x56B4E9));

  private final Set<ReplicaId> own;
  private final List<ReplicaId> others;
  private final int digits;

  /**
   * Creates the authors.
   *
   * @param own the ids of this device, former ones too
   * @param all whoever wrote, in the order in which colors are given
   */
  Authors(Collection<ReplicaId> own, Collection<ReplicaId> all) {
    this.own = Set.copyOf(own);
    others = new ArrayList<>(all);
    others.removeAll(this.own);
    digits = digitsToTellApart(others);
  }

  private static int digitsToTellApart(List<ReplicaId> replicas) {
    int count = FEWEST_DIGITS;
    while (count < 16) {
      Set<String> beginnings = new HashSet<>();
      for (ReplicaId replica : replicas) {
        beginnings.add(replica.toString().substring(0, count));
      }
      if (beginnings.size() == replicas.size()) {
        return count;
      }
      count++;
    }
    return count;
  }

  /** Returns whether two ids are the same person's, as far as this device knows. */
  boolean areSame(ReplicaId one, ReplicaId other) {
    return one.equals(other) || (own.contains(one) && own.contains(other));
  }

  /** Returns what somebody is called: you, or the beginning of the replica id. */
  String name(ReplicaId replica) {
    return own.contains(replica)
        ? YOU
        : "replica " + replica.toString().substring(0, digits) + (digits < 16 ? "\u2026" : "");
  }

  /** Returns the color behind what somebody wrote, on a ground on which it is read. */
  Color color(ReplicaId replica, Color ground) {
    int other = others.indexOf(replica);
    Color full = own.contains(replica) || other < 0 ? OWN : OTHERS.get(other % OTHERS.size());
    boolean dark = ground.getRed() + ground.getGreen() + ground.getBlue() < 3 * 128;
    double part = dark ? 0.42 : 0.26;
    return new Color(
        mix(ground.getRed(), full.getRed(), part),
        mix(ground.getGreen(), full.getGreen(), part),
        mix(ground.getBlue(), full.getBlue(), part));
  }

  private static int mix(int from, int to, double part) {
    return (int) Math.round(from + (to - from) * part);
  }
}
