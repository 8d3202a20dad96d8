package dev.weft.relay;

import dev.weft.store.DocumentId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What may be done with the documents of some name. Of several rules the first that fits counts;
 * where none fits, nothing may be done. Immutable.
 *
 * @param documents a document's id in which each {@code *} stands for any characters, or none
 * @param access what may be done with them
 */
public record AccessRule(String documents, DocumentAccess access) {
  /** The longest pattern, in characters. */
  public static final int MAX_LENGTH = 2 * DocumentId.MAX_LENGTH;

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._~*-]+");

  /**
   * Creates a rule.
   *
   * @throws IllegalArgumentException if {@code documents} can fit no document
   */
  public AccessRule {
    if (documents.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a pattern of documents has at most "
              + MAX_LENGTH
              + " characters, length="
              + documents.length());
    }
    if (!ALLOWED.matcher(documents).matches()) {
      throw new IllegalArgumentException(
          "a pattern of documents consists of letters A-Z and a-z, digits and . _ ~ - *, is \""
              + Sentences.printable(documents)
              + "\"");
    }
  }

  /**
   * Reads a rule in the form of {@link #toString}.
   *
   * @throws IllegalArgumentException if it has another
   */
  public static AccessRule parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "a rule is none:DOCUMENTS, read:DOCUMENTS or write:DOCUMENTS, is \""
              + Sentences.printable(text)
              + "\"");
    }
    return new AccessRule(text.substring(colon + 1), accessOf(text.substring(0, colon)));
  }

  /**
   * Returns the access of a name.
   *
   * @throws IllegalArgumentException if it is not {@code none}, {@code read} or {@code write}
   */
  static DocumentAccess accessOf(String name) {
    return switch (name) {
      case "none" -> DocumentAccess.NONE;
      case "read" -> DocumentAccess.READ;
      case "write" -> DocumentAccess.WRITE;
      default ->
          throw new IllegalArgumentException(
              "what may be done is none, read or write, is \"" + Sentences.printable(name) + "\"");
    };
  }

  /** Returns what the first of some rules that fits lets do with a document. */
  public static DocumentAccess decide(List<AccessRule> rules, DocumentId document) {
    for (AccessRule rule : rules) {
      if (rule.fits(document)) {
        return rule.access;
      }
    }
    return DocumentAccess.NONE;
  }

  /** Returns whether the rule is about a document. */
  public boolean fits(DocumentId document) {
    String name = document.value();
    int inName = 0;
    int inPattern = 0;
    int star = -1;
    int behindStar = 0;
    while (inName < name.length()) {
      if (inPattern < documents.length() && documents.charAt(inPattern) == '*') {
        star = inPattern++;
        behindStar = inName;
      } else if (inPattern < documents.length()
          && documents.charAt(inPattern) == name.charAt(inName)) {
        inPattern++;
        inName++;
      } else if (star >= 0) {
        // The last star takes one character more; those before it never need to.
        inPattern = star + 1;
        inName = ++behindStar;
      } else {
        return false;
      }
    }
    while (inPattern < documents.length() && documents.charAt(inPattern) == '*') {
      inPattern++;
    }
    return inPattern == documents.length();
  }

  /** Returns {@code write:team-*}, say. */
  @Override
  public String toString() {
    return access.name().toLowerCase(Locale.ROOT) + ":" + documents;
  }
}
