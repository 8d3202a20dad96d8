package dev.weft.relay;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a relay speaks side by side, newest first, and how many connections speak each.
 * Thread-safe.
 */
final class ProtocolVersions {
  /** What there is today. */
  static final List<ProtocolVersion> ALL = List.of(ProtocolVersion.V1);

  private final Map<String, Entry> byName = new LinkedHashMap<>();

  /**
   * Creates the table.
   *
   * @param newestFirst the versions, each with a name of its own
   */
  ProtocolVersions(List<ProtocolVersion> newestFirst) {
    for (ProtocolVersion version : newestFirst) {
      byName.put(version.name(), new Entry(version, new AtomicLong(), new AtomicLong()));
    }
  }

  private record Entry(ProtocolVersion version, AtomicLong open, AtomicLong opened) {}

  /** Returns the newest version that is offered and spoken here; null if there is none. */
  @Nullable ProtocolVersion newestOf(Collection<String> offered) {
    return byName.values().stream()
        .map(Entry::version)
        .filter(version -> offered.contains(version.name()))
        .findFirst()
        .orElse(null);
  }

  /** Returns the names, newest first, as one would say them. */
  String names() {
    return byName.keySet().stream().collect(Collectors.joining(", "));
  }

  void connected(ProtocolVersion version) {
    Entry entry = entry(version);
    // In this order, and read in the other: so nobody counts one open that was not opened.
    entry.opened.incrementAndGet();
    entry.open.incrementAndGet();
  }

  void gone(ProtocolVersion version) {
    entry(version).open.decrementAndGet();
  }

  private Entry entry(ProtocolVersion version) {
    Entry entry = byName.get(version.name());
    if (entry == null) {
      throw new AssertionError("not spoken here: " + version.name());
    }
    return entry;
  }

  /** Returns how many connections speak which version, newest first. */
  Map<String, ConnectionCount> counts() {
    Map<String, ConnectionCount> counts = new LinkedHashMap<>();
    byName.forEach(
        (name, entry) -> {
          long open = entry.open.get();
          counts.put(name, new ConnectionCount(open, entry.opened.get()));
        });
    return counts;
  }
}
