package dev.weft.desktop.presence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who has come and who has left since that was told last. Confined to one thread. */
final class PeopleNews {
  /** Of more, only how many they are. */
  private static final int MOST_NAMES = 3;

  private Map<Long, String> told = Map.of();

  /** Returns who has come and who has left, in sentences; nothing if nobody has. */
  String since(List<Person> people) {
    Map<Long, String> here = new LinkedHashMap<>();
    people.forEach(person -> here.put(person.id(), person.name()));
    List<String> sentences = new ArrayList<>();
    tell(without(here, told), "is here", "are here", sentences);
    tell(without(told, here), "has left", "have left", sentences);
    told = here;
    return String.join(" ", sentences);
  }

  private static List<String> without(Map<Long, String> all, Map<Long, String> others) {
    return all.entrySet().stream()
        .filter(each -> !others.containsKey(each.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static void tell(List<String> names, String one, String several, List<String> sentences) {
    if (names.size() == 1) {
      sentences.add(names.get(0) + " " + one + ".");
    } else if (!names.isEmpty()) {
      sentences.add(together(names) + " " + several + ".");
    }
  }

  private static String together(List<String> names) {
    if (names.size() > MOST_NAMES) {
      return names.size() + " people";
    }
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
