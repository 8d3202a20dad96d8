package dev.weft.desktop.history;

import dev.weft.crdt.ReplicaId;
import java.awt.Color;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What those who wrote a text are called, and in which colors they are shown. The history knows no
 * names, only replica ids: all ids of this device are "you", and others are called as they called
 * themselves where they were met. Immutable.
 */
final class Authors {
  static final Authors NONE = new Authors(List.of(), List.of(), Map.of());

  private static final String YOU = "you";
  private static final String REPLICA = "replica ";

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

  /** Others, with how many there are before each. */
  private final Map<ReplicaId, Integer> others = new LinkedHashMap<>();

  private final int digits;
  private final Map<ReplicaId, String> names = new HashMap<>();

  /** How many others have a name, by its {@link #key}. */
  private final Map<String, Integer> bearers = new HashMap<>();

  /**
   * Creates the authors.
   *
   * @param own the ids of this device, former ones too
   * @param all whoever wrote, in the order in which colors are given
   * @param names what others called themselves, fit to be shown
   */
  Authors(Collection<ReplicaId> own, Collection<ReplicaId> all, Map<ReplicaId, String> names) {
    this.own = Set.copyOf(own);
    for (ReplicaId replica : all) {
      if (!this.own.contains(replica)) {
        others.putIfAbsent(replica, others.size());
      }
    }
    digits = digitsToTellApart(others.keySet());
    for (ReplicaId other : others.keySet()) {
      String name = names.get(other);
      if (name != null) {
        this.names.put(other, name);
        bearers.merge(key(name), 1, Integer::sum);
      }
    }
  }

  private static int digitsToTellApart(Set<ReplicaId> replicas) {
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

  /**
   * Returns what somebody is called: you, or the name that is known, with the beginning of the
   * replica id if others have it too, or that alone. Two who are not the same are called otherwise.
   */
  String name(ReplicaId replica) {
    if (own.contains(replica)) {
      return YOU;
    }
    String id = REPLICA + replica.toString().substring(0, digits) + (digits < 16 ? "\u2026" : "");
    String name = names.get(replica);
    if (name == null) {
      return id;
    }
    return isClear(key(name)) ? name : name + " (" + id + ")";
  }

  /** Names that differ in this alone are taken for one by who reads them. */
  private static String key(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** A name is anything that somebody likes to be called, also what is said of others here. */
  private boolean isClear(String name) {
    return bearers.getOrDefault(name, 0) == 1
        && !name.equals(YOU)
        && !name.contains(REPLICA.strip());
  }

  /** Returns the color behind what somebody wrote, on a ground on which it is read. */
  Color color(ReplicaId replica, Color ground) {
    Integer other = others.get(replica);
    Color full = other == null ? OWN : OTHERS.get(other % OTHERS.size());
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
