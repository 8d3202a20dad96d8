package dev.weft.protocol;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one side of a connection can do beyond the base of this version of the protocol. A
 * capability is in force on a connection when both sides name it, whether as required or as
 * optional. Immutable.
 *
 * @param required what the other side must name as well, else the connection is refused
 * @param optional what this side can do and does not insist on
 */
public record Capabilities(Set<String> required, Set<String> optional) {
  /** The most capabilities in each of the sets. */
  public static final int MAX_COUNT = 64;

  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 64;

  /** The base of the protocol and nothing else. */
  public static final Capabilities NONE = new Capabilities(Set.of(), Set.of());

  /**
   * Creates capabilities with copies of the sets.
   *
   * @throws IllegalArgumentException if there are too many, or a name is empty or too long
   */
  public Capabilities {
    required = copy("required capabilities", required);
    optional = copy("optional capabilities", optional);
  }

  /** Returns whether the capability is named in either set. */
  public boolean names(String capability) {
    return required.contains(capability) || optional.contains(capability);
  }

  /** Returns what this side requires and {@code other} does not name. */
  public Set<String> missingFrom(Capabilities other) {
    Set<String> missing = new LinkedHashSet<>(required);
    missing.removeIf(other::names);
    return missing;
  }

  /** Returns what is in force between this side and {@code other}. */
  public Set<String> agreedWith(Capabilities other) {
    Set<String> agreed = new LinkedHashSet<>();
    Stream.concat(required.stream(), optional.stream()).filter(other::names).forEach(agreed::add);
    return agreed;
  }

  private static Set<String> copy(String name, Set<String> capabilities) {
    Bounds.requireCount(name, capabilities, MAX_COUNT);
    for (String capability : capabilities) {
      Bounds.requireWord("capability", capability, MAX_NAME_BYTES);
    }
    return Set.copyOf(capabilities);
  }
}
