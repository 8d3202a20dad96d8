package dev.weft.desktop.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.swing.text.Document;

/**
 * What the list of people tells of one of them. Immutable.
 *
 * @param id the participant's; 0 of the person here
 * @param isYou whether it is the person here
 * @param name fit to be shown
 * @param color {@code 0xRRGGBB}
 * @param place where the caret is, in words
 * @param activity how long the person has not moved, in words; empty of the person here
 */
record PersonRow(long id, boolean isYou, String name, int color, String place, String activity) {

  /** Of more people, the first to come are listed. */
  static final int MOST = 200;

  /** Returns a row for each, the person here first. */
  static List<PersonRow> of(
      String ownName, int ownCaret, Roster roster, List<Mark> marks, Document document) {
    Map<Long, String> places = new HashMap<>();
    for (Mark mark : marks) {
      places.putIfAbsent(mark.person().id(), line(mark.caret(), document));
    }
    List<PersonRow> rows = new ArrayList<>();
    rows.add(
        new PersonRow(
            0,
            true,
            PersonName.of(ownName),
            Palette.colorOf(ownName),
            line(ownCaret, document),
            ""));
    List<Person> people = roster.people();
    for (Person person : people.subList(0, Math.min(MOST, people.size()))) {
      rows.add(
          new PersonRow(
              person.id(),
              false,
              person.name(),
              person.color(),
              places.getOrDefault(person.id(), "place not known"),
              IdleWords.of(roster.idleFor(person)) + (roster.isInTouch() ? "" : " then")));
    }
    return rows;
  }

  private static String line(int offset, Document document) {
    return "line " + (document.getDefaultRootElement().getElementIndex(offset) + 1);
  }

  String title() {
    return name + whose();
  }

  /** Says behind the name that it is the person here, or that it is not where it says so itself. */
  String whose() {
    if (isYou) {
      return " (you)";
    }
    return name.toLowerCase(Locale.ROOT).endsWith("(you)") ? " (not you)" : "";
  }

  String details() {
    return activity.isEmpty() ? place : place + ", " + activity;
  }

  /** What a screen reader says. */
  String words() {
    return title() + ", " + details();
  }

  /** What the list searches when a letter is typed. */
  @Override
  public String toString() {
    return words();
  }
}
