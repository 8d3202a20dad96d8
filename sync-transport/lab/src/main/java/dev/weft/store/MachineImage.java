package dev.weft.store;

import java.nio.file.Path;

/** What an image of a whole machine has that a copy of a directory has not. */
public final class MachineImage {
  private MachineImage() {}

  /** Has a store that was copied pass for the one that was closed: so it is within an image. */
  public static void seal(Path directory) {
    StoreSeal.set(directory.resolve(SqliteChangeStore.FILE_NAME));
  }
}
