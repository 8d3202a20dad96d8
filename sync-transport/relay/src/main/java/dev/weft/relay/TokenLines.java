package dev.weft.relay;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a {@link TokenFile} mean:
 *
 * <pre>
 *   # a comment
 *   NAME  SHA-256  [expires=INSTANT]  RULE ...
 * </pre>
 *
 * <p>What is said of a line never repeats its second word: there may stand a token by mistake.
 */
final class TokenLines {
  private static final String EXPIRES = "expires=";
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern BLANKS = Pattern.compile("[ \t]+");
  private static final int MAX_NAME_LENGTH = 64;

  private TokenLines() {}

  /** Who bears a token. */
  record Bearer(String name, @Nullable Instant expires, List<AccessRule> rules) {}

  /** Returns what a token is found by: its SHA-256 digest in hexadecimal digits. */
  static String digest(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Reads all lines.
   *
   * @return who bears which token, by its digest
   * @throws UnusableFileException if a line is none, and which
   */
  static Map<String, Bearer> parse(Path file, String text) {
    if (text.isEmpty()) {
      throw new UnusableFileException(
          file, "it is empty, as while it is being written; a comment alone lets nobody in");
    }
    Map<String, Bearer> bearers = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      String[] words = BLANKS.split(stripped);
      try {
        if (words.length < 2) {
          throw new IllegalArgumentException(
              "a line is NAME SHA-256 [expires=INSTANT] RULE..., and this has one word");
        }
        String digest = words[1].toLowerCase(Locale.ROOT);
        if (!DIGEST.matcher(digest).matches()) {
          throw new IllegalArgumentException(
              "the second word must be the SHA-256 digest of the token, 64 hexadecimal digits;"
                  + " the token itself must not stand there");
        }
        Integer earlier = lines.putIfAbsent(digest, number);
        if (earlier != null) {
          throw new IllegalArgumentException("line " + earlier + " is for the same token");
        }
        bearers.put(digest, bearer(words));
      } catch (IllegalArgumentException e) {
        throw new UnusableFileException(file, number, String.valueOf(e.getMessage()));
      }
    }
    return bearers;
  }

  private static Bearer bearer(String[] words) {
    requireName(words[0]);
    boolean ends = words.length > 2 && words[2].startsWith(EXPIRES);
    Instant expires = ends ? instant(words[2].substring(EXPIRES.length())) : null;
    List<AccessRule> rules = new ArrayList<>();
    for (int i = ends ? 3 : 2; i < words.length; i++) {
      rules.add(AccessRule.parse(words[i]));
    }
    requireRules(rules);
    return new Bearer(words[0], expires, List.copyOf(rules));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "the end of a token is given as expires=2027-01-31T12:00:00Z, is \""
              + Sentences.printable(text)
              + "\"",
          e);
    }
  }

  private static void requireName(String name) {
    boolean plain =
        !name.isEmpty()
            && name.length() <= MAX_NAME_LENGTH
            && !name.startsWith("#")
            && name.codePoints().noneMatch(TokenLines::isBlankOrUnseen);
    if (!plain) {
      throw new IllegalArgumentException(
          "a name has 1 to "
              + MAX_NAME_LENGTH
              + " characters, none of them a blank or one that is not seen, and does not begin with"
              + " #, is \""
              + Sentences.printable(name)
              + "\"");
    }
  }

  private static boolean isBlankOrUnseen(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Sentences.isUnseen(character);
  }

  private static void requireRules(List<AccessRule> rules) {
    if (rules.isEmpty()) {
      throw new IllegalArgumentException(
          "no rule says what the bearer may do; write:* stands for everything");
    }
  }

  /** Returns a line that {@link #parse} reads, without its end. */
  static String format(
      String name, String digest, @Nullable Instant expires, List<AccessRule> rules) {
    requireName(name);
    requireRules(rules);
    StringBuilder line = new StringBuilder(name).append(' ').append(digest);
    if (expires != null) {
      line.append(' ').append(EXPIRES).append(expires);
    }
    rules.forEach(rule -> line.append(' ').append(rule));
    return line.toString();
  }
}
