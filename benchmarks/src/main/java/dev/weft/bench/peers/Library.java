package dev.weft.bench.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is measured side by side, by the name that scripts use. */
enum Library {
  WEFT("Weft", null),
  GAP_BUFFER("gap buffer", null),
  AUTOMERGE_JVM("Automerge (JVM)", null),
  AUTOMERGE_JS("Automerge (JS)", "@automerge/automerge"),
  YJS("Yjs", "yjs"),
  LORO("Loro", "loro-crdt"),
  DIAMOND_TYPES("diamond-types", "diamond-types-node");

  private final String title;
  private final @Nullable String npmPackage;

  Library(String title, @Nullable String npmPackage) {
    this.title = title;
    this.npmPackage = npmPackage;
  }

  /** Returns how a table calls it. */
  String title() {
    return title;
  }

  /** Returns the npm package that it comes from, if it is one for JavaScript. */
  Optional<String> npmPackage() {
    return Optional.ofNullable(npmPackage);
  }

  static Optional<Library> named(String name) {
    return Arrays.stream(values()).filter(library -> library.toString().equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
