package dev.weft.desktop.presence;

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
  private record Given(String chosenName, int chosenColor, String name, int color) {}

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
    Map<Long, Given> kept = new HashMap<>();
    ownNameShared = false;
    for (Person person : people) {
      String chosen = person.chosenName();
      ownNameShared |= key(chosen).equals(key(ownName));
      Given before = given.get(person.id());
      if (before != null
          && before.chosenName.equals(chosen)
          && before.chosenColor == person.participant().color()
          && !names.contains(key(before.name))
          && !colors.contains(before.color)) {
        names.add(key(before.name));
        colors.add(before.color);
        kept.put(person.id(), before);
      }
    }
    List<Person> apart = new ArrayList<>(people.size());
    for (Person person : people) {
      Given now = kept.get(person.id());
      if (now == null) {
        int chosenColor = person.participant().color();
        now =
            new Given(
                person.chosenName(),
                chosenColor,
                free(person.chosenName(), names),
                free(chosenColor, colors));
        kept.put(person.id(), now);
      }
      apart.add(person.as(now.name, now.color));
    }
    given = kept;
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
    return name.toLowerCase(Locale.ROOT);
  }
}
