package dev.weft.desktop;

import dev.weft.store.DocumentId;

/** Says in words for a person why a document cannot have a name. Stateless. */
final class DocumentNames {
  private DocumentNames() {}

  /** Returns what is wrong with a name, as a sentence; empty if a document can have it. */
  static String whatIsWrongWith(String name) {
    if (name.isEmpty()) {
      return "A name must not be empty.";
    }
    if (name.length() > DocumentId.MAX_LENGTH) {
      return "A name has at most "
          + DocumentId.MAX_LENGTH
          + " characters, not "
          + name.length()
          + ".";
    }
    if (name.equals(".") || name.equals("..")) {
      return "A name must not be \"" + name + "\".";
    }
    return name.codePoints()
        .filter(c -> !isAllowed(c))
        .mapToObj(
            c ->
                "A name consists of letters A-Z and a-z, digits and . _ ~ - only: "
                    + inWords(c)
                    + " cannot be in it.")
        .findFirst()
        .orElse("");
  }

  private static boolean isAllowed(int c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || "._~-".indexOf(c) >= 0);
  }

  private static String inWords(int c) {
    return c == ' ' ? "a space" : "\"" + Character.toString(c) + "\"";
  }
}
