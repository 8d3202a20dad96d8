package dev.weft.desktop.presence;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Gives each of those who are here a name and a color that is nobody else's here, whatever they
 * chose: a name that there is already gets a number, and a color another of the palette, as long as
 * that lasts. Who has got something keeps it while staying here. Confined to one thread.
 */
final class ToldApart {
  private String ownName = "";
  private int ownColor = -1;
  private boolean ownNameShared;

  /** By participant. */
  private Map<Long, Given> given = new HashMap<>();

  /** What somebody has got, and of which choice that was made. */
  private record Given(String chosenName, int chosenColor, String name, int color) {
    boolean isNameOf(Person person) {
      return chosenName.equals(person.chosenName());
    }

    boolean isColorOf(Person person) {
      return chosenColor == person.participant().color();
    }
  }

  /** Keeps a name, fit to be shown, and a color for the person here. */
  void ownIs(String name, int color) {
    ownName = name;
    ownColor = color;
  }

  /** Returns whether somebody of those who are here chose the name of the person here. */
  boolean isOwnNameShared() {
    return ownNameShared;
  }

  /** Returns the same people, told apart. O(people), but for many of one name who come at once. */
  List<Person> of(List<Person> people) {
    Set<String> names = new HashSet<>(Set.of(key(ownName)));
    Set<Integer> colors = new HashSet<>(Set.of(ownColor));
    // Each by itself: who has a color that is not the only one keeps the name nevertheless.
    Map<Long, String> keptNames = new HashMap<>();
    Map<Long, Integer> keptColors = new HashMap<>();
    ownNameShared = false;
    for (Person person : people) {
      ownNameShared |= key(person.chosenName()).equals(key(ownName));
      Given before = given.get(person.id());
      if (before != null && before.isNameOf(person) && names.add(key(before.name))) {
        keptNames.put(person.id(), before.name);
      }
      if (before != null && before.isColorOf(person) && colors.add(before.color)) {
        keptColors.put(person.id(), before.color);
      }
    }
    Map<Long, Given> now = new HashMap<>();
    List<Person> apart = new ArrayList<>(people.size());
    for (Person person : people) {
      String keptName = keptNames.get(person.id());
      Integer keptColor = keptColors.get(person.id());
      String chosenName = person.chosenName();
      int chosenColor = person.participant().color();
      String name = keptName == null ? free(chosenName, names) : keptName;
      int color = keptColor == null ? free(chosenColor, colors) : keptColor;
      now.put(person.id(), new Given(chosenName, chosenColor, name, color));
      apart.add(person.as(name, color));
    }
    given = now;
    return List.copyOf(apart);
  }

  private static String free(String name, Set<String> taken) {
    String free = name;
    for (int number = 2; !taken.add(key(free)); number++) {
      free = name + " " + number;
    }
    return free;
  }

  private static int free(int color, Set<Integer> taken) {
    if (taken.add(color)) {
      return color;
    }
    for (int other : Palette.COLORS) {
      if (taken.add(other)) {
        return other;
      }
    }
    return color;
  }

  /** Names that differ in this alone are taken for one by who reads them. */
  private static String key(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }
}
