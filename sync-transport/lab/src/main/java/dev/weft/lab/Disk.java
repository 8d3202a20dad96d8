package dev.weft.lab;

import dev.weft.store.MachineImage;
import dev.weft.store.RepairReport;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreException;
import dev.weft.store.StoreRepair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk with one real SQLite store on it, which can be full and fail, whose process can be killed,
 * and whose power can be cut: then what was not synced is lost, or torn, from some point on. Each
 * of that is done to copies of the real files. Confined to the simulation's thread.
 */
final class Disk {
  private static final String DATABASE = "weft.db";
  private static final int MAX_FLIPS = 8;

  private final Path parent;
  private final String name;
  private final RandomGenerator random;
  private final Tally tally;
  private int generation;
  private @Nullable DiskStore store;

  /** What was open when its process was killed, and not since. */
  private @Nullable DiskStore killed;

  /** Whether bits were flipped, and nobody has repaired what is left since. */
  private boolean rotten;

  private boolean full;
  private boolean failing;
  private long wellSinceNanos;
  private long readableAtNanos;

  Disk(Path parent, String name, RandomGenerator random, Tally tally) {
    this.parent = parent;
    this.name = name;
    this.random = random;
    this.tally = tally;
  }

  /** Lets nothing more be written, or does again. */
  void fill(boolean on, long nowNanos) {
    full = on;
    wellSinceNanos = nowNanos;
  }

  /** Lets nothing be read or written, or does again. */
  void fail(boolean on, long nowNanos) {
    failing = on;
    wellSinceNanos = nowNanos;
    readableAtNanos = on ? Long.MAX_VALUE : nowNanos;
  }

  /** Returns since when it can be read; a time that never comes if it cannot. */
  long readableAtNanos() {
    return readableAtNanos;
  }

  boolean isFull() {
    return full;
  }

  boolean isFailing() {
    return failing;
  }

  /** Returns for how long nothing has been wrong. */
  long wellForNanos(long nowNanos) {
    return full || failing ? 0 : nowNanos - wellSinceNanos;
  }

  private Path directory() {
    return parent.resolve(name + "." + generation);
  }

  /**
   * Opens the store on the disk.
   *
   * @throws StoreException if it is damaged
   */
  DiskStore open() {
    Path directory = directory();
    SqliteChangeStore files = SqliteChangeStore.open(directory, random);
    try {
      WriteAheadFile log = new WriteAheadFile(directory.resolve(DATABASE));
      DiskStore opened = new DiskStore(files, this, log, killed);
      killed = null;
      store = opened;
      return opened;
    } catch (StoreException e) {
      files.close();
      throw e;
    }
  }

  /** Flips some bits of the database, which nobody has open. */
  void rot() {
    Path database = directory().resolve(DATABASE);
    try (FileChannel channel =
        FileChannel.open(database, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int flips = 1 + random.nextInt(MAX_FLIPS);
      for (int i = 0; i < flips; i++) {
        long at = random.nextLong(channel.size());
        ByteBuffer one = ByteBuffer.allocate(1);
        int unused = channel.read(one, at);
        one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(Byte.SIZE)))).rewind();
        unused = channel.write(one, at);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot damage " + database, e);
    }
    killed = null;
    rotten = true;
  }

  boolean isRotten() {
    return rotten;
  }

  /**
   * Recovers what can be read of the store, which nobody has open.
   *
   * @throws StoreException if what is there is no store any more
   */
  RepairReport repair() {
    RepairReport report = StoreRepair.run(directory());
    rotten = false;
    return report;
  }

  /** The process that has the store open is gone; what it wrote is there. */
  void loseProcess() {
    moveOn(false);
  }

  /** The power is gone: what was not synced may be, too. */
  void losePower() {
    moveOn(true);
  }

  private void moveOn(boolean power) {
    DiskStore open = store;
    if (open == null) {
      return;
    }
    Path from = directory();
    generation++;
    Path to = directory();
    try {
      Files.createDirectory(to);
      Files.copy(from.resolve(DATABASE), to.resolve(DATABASE));
      Path log = from.resolve(DATABASE + "-wal");
      if (Files.exists(log)) {
        copyLog(log, to.resolve(DATABASE + "-wal"), power, open.log());
      }
    } catch (IOException e) {
      throw new AssertionError("cannot copy " + from, e);
    }
    abandon(open);
    killed = power ? null : open;
    delete(from);
  }

  /** Closes files that the dead process had open, and nobody reads any more. */
  private void abandon(DiskStore open) {
    try {
      open.close();
    } catch (StoreException e) {
      if (!rotten) {
        throw e;
      }
    }
  }

  private void copyLog(Path from, Path to, boolean power, WriteAheadFile log) throws IOException {
    Files.copy(from, to);
    if (!power) {
      return;
    }
    long synced = log.syncedBytes();
    long written = log.bytes();
    if (written <= synced) {
      return;
    }
    tally.count(Tally.Event.TORN_WRITES);
    long end = synced + random.nextLong(written - synced + 1);
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      if (random.nextBoolean()) {
        channel.truncate(end);
      } else {
        // It was overwritten in any order: a sector is missing, and what follows it is there.
        int hole = (int) Math.min(512, written - end);
        channel.write(ByteBuffer.allocate(hole), end);
      }
    }
  }

  /** Returns another disk with a copy of what is on this one, as a backup or an image has it. */
  Disk copy(String copyName) {
    Disk copy = new Disk(parent, copyName, random, tally);
    copy.rotten = rotten;
    Path to = copy.directory();
    try {
      Files.createDirectory(to);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), "weft.*")) {
        for (Path file : files) {
          if (!file.toString().endsWith(".lock") && !file.toString().endsWith("-shm")) {
            Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError("cannot copy " + directory(), e);
    }
    return copy;
  }

  /** Has what was copied pass for what was closed, as within an image of the whole machine. */
  void passForOriginal() {
    MachineImage.seal(directory());
  }

  /** The store was closed in good order. */
  void closed() {
    store = null;
  }

  @Override
  public String toString() {
    return "of " + name;
  }

  private static void delete(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new AssertionError("cannot delete " + directory, e);
    }
  }
}
