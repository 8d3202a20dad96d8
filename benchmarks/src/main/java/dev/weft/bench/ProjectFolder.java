package dev.weft.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project's own files lie that no jar holds. */
public final class ProjectFolder {
  private ProjectFolder() {}

  /**
   * Returns the root of the source tree: what the launcher says, else the working directory or the
   * nearest folder above it that has the project's build.
   */
  public static Path path() {
    String told = System.getProperty("weft.root");
    if (told != null) {
      return Path.of(told);
    }
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw"))) {
        return folder;
      }
    }
    return here;
  }
}
