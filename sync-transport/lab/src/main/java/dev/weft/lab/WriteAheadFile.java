package dev.weft.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that SQLite writes ahead, as a power cut finds it: how much of it is in use, and how
 * much of that the disk has certainly kept. Both are counted in frames, of which SQLite's index
 * beside the file tells: see "WAL-Index File Format" in its documentation. Not thread-safe.
 */
final class WriteAheadFile {
  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;

  // Where what stands in the index.
  private static final int PAGE_SIZE_AT = 14;
  private static final int FRAMES_AT = 16;
  private static final int SALT_AT = 32;
  private static final int BACKFILLED_AT = 96;
  private static final int INDEX_BYTES = 100;

  private final Path index;

  // Of the frames of one generation, which has a salt of its own.
  private long salt;
  private long syncedFrames;

  WriteAheadFile(Path database) {
    this.index = database.resolveSibling(database.getFileName() + "-shm");
  }

  /** Everything that is in the file is certainly kept. */
  void synced() {
    ByteBuffer state = state();
    salt = state.getLong(SALT_AT);
    syncedFrames = frames(state);
  }

  /** As much is certainly kept as was of the file that this one is a copy of. */
  void continues(WriteAheadFile copied) {
    salt = copied.salt;
    syncedFrames = copied.syncedFrames;
  }

  /** Returns how many bytes of the file there are in use. */
  long bytes() {
    ByteBuffer state = state();
    return bytes(state, frames(state));
  }

  /** Returns how many of them a power cut leaves in any case. */
  long syncedBytes() {
    ByteBuffer state = state();
    long synced = state.getLong(SALT_AT) == salt ? syncedFrames : 0;
    // What was copied into the database was synced before.
    long backfilled = Integer.toUnsignedLong(state.getInt(BACKFILLED_AT));
    return bytes(state, Math.max(synced, backfilled));
  }

  private static long frames(ByteBuffer state) {
    return Integer.toUnsignedLong(state.getInt(FRAMES_AT));
  }

  private static long bytes(ByteBuffer state, long frames) {
    return HEADER_BYTES + frames * (FRAME_HEADER_BYTES + state.getShort(PAGE_SIZE_AT));
  }

  private ByteBuffer state() {
    ByteBuffer state = ByteBuffer.allocate(INDEX_BYTES).order(ByteOrder.nativeOrder());
    try (FileChannel channel = FileChannel.open(index, StandardOpenOption.READ)) {
      int unused = channel.read(state, 0);
    } catch (NoSuchFileException e) {
      // Nothing was written yet.
    } catch (IOException e) {
      throw new AssertionError("cannot read " + index, e);
    }
    return state;
  }
}
