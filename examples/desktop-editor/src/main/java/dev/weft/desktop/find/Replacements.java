package dev.weft.desktop.find;

import dev.weft.crdt.TextDocument;
import java.util.List;

/**
 * What is to be put in the place of what was found in a text, from left to right. Immutable.
 *
 * @param found how many places were found, also where nothing is to be changed
 */
record Replacements(int found, List<Place> places) {
  /**
   * One place.
   *
   * @param start where it begins, in the text that was searched
   * @param end where it ends, exclusive
   */
  record Place(int start, int end, String text) {}

  Replacements {
    places = List.copyOf(places);
  }

  /** Makes them in a document that has the text that was searched: in these places alone. */
  void makeIn(TextDocument document) {
    // From the last on, so that those before are where they were found.
    for (int i = places.size() - 1; i >= 0; i--) {
      Place place = places.get(i);
      document.replace(place.start, place.end, place.text);
    }
  }
}
