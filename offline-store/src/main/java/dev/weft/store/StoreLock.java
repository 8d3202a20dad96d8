package dev.weft.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ownership of a store's directory by one process: a lock of the operating system on the file
 * {@code weft.lock}, which vanishes with its holder, however that ends. The file's content only
 * tells people who the holder is. Thread-safe.
 */
final class StoreLock implements AutoCloseable {
  static final String FILE_NAME = "weft.lock";

  /**
   * Far behind the content: where locks are mandatory, a locked byte cannot be read by others, who
   * want to know who holds it.
   */
  private static final long LOCKED_BYTE = 1L << 30;

  private static final int MAX_CONTENT_BYTES = 256;
  private static final Pattern CONTENT = Pattern.compile("pid=(\\d{1,18})\nstarted=(\\S+)\n");

  /**
   * The directories that this process holds. POSIX drops a process's locks on a file as soon as the
   * process closes any descriptor of it, so a second attempt must be refused before it opens one.
   */
  private static final Set<Object> HELD_HERE = ConcurrentHashMap.newKeySet();

  /** Channels that stay open for the reason given where one is added. */
  private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  private final Object key;
  private final FileChannel channel;
  private final FileLock lock;

  private StoreLock(Object key, FileChannel channel, FileLock lock) {
    this.key = key;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the ownership.
   *
   * @throws StoreLockedException if this or another process has it
   * @throws IOException if the lock file cannot be written, or the file system has no locks
   */
  static StoreLock acquire(Path directory) throws IOException {
    Object key = keyOf(directory);
    if (!HELD_HERE.add(key)) {
      throw heldByThisProcess(directory);
    }
    try {
      return acquire(directory, key);
    } catch (IOException | RuntimeException e) {
      HELD_HERE.remove(key);
      throw e;
    }
  }

  /** Returns whether somebody has, or had, the ownership of a directory: the file stays. */
  static boolean isKnownIn(Path directory) {
    return Files.exists(directory.resolve(FILE_NAME));
  }

  /**
   * Keeps all of this process from the ownership, and leaves no file. Another process can take it:
   * then the file is there.
   *
   * @return what lets go of it
   * @throws StoreLockedException if this process has it
   */
  static Reservation reserve(Path directory) throws IOException {
    Object key = keyOf(directory);
    if (!HELD_HERE.add(key)) {
      throw heldByThisProcess(directory);
    }
    return () -> HELD_HERE.remove(key);
  }

  /** Keeps this process from a directory until it is closed. */
  @FunctionalInterface
  interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  private static StoreLock acquire(Path directory, Object key) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE_NAME),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean close = true;
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        throw heldByOther(directory, channel);
      }
      writeHolder(channel);
      close = false;
      return new StoreLock(key, channel, lock);
    } catch (OverlappingFileLockException e) {
      // The same process, but this class loaded a second time, so HELD_HERE did not tell. Closing
      // the channel would take the lock away from its holder.
      close = false;
      NEVER_CLOSED.add(channel);
      throw heldByThisProcess(directory);
    } finally {
      if (close) {
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(0);
      lock.release();
    } finally {
      HELD_HERE.remove(key);
    }
  }

  /** Two paths to one directory are one key, where the file system can tell. */
  private static Object keyOf(Path directory) throws IOException {
    Object fileKey = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    return fileKey != null ? fileKey : directory.toRealPath();
  }

  private static void writeHolder(FileChannel channel) throws IOException {
    ProcessHandle self = ProcessHandle.current();
    String started = self.info().startInstant().map(Object::toString).orElse("unknown");
    byte[] content =
        ("pid=" + self.pid() + "\nstarted=" + started + "\n").getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      channel.write(buffer, buffer.position());
    }
  }

  private static StoreLockedException heldByThisProcess(Path directory) {
    long pid = ProcessHandle.current().pid();
    return new StoreLockedException(
        directory, OptionalLong.of(pid), "this process itself (pid " + pid + ")");
  }

  private static StoreLockedException heldByOther(Path directory, FileChannel channel)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_CONTENT_BYTES);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // Reads on until the end.
    }
    String content = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    Matcher matcher = CONTENT.matcher(content);
    if (!matcher.matches()) {
      // The holder has the lock and has not written its name yet.
      return new StoreLockedException(directory, OptionalLong.empty(), "another process");
    }
    return new StoreLockedException(
        directory,
        OptionalLong.of(Long.parseLong(matcher.group(1))),
        "process " + matcher.group(1) + " (started " + matcher.group(2) + ")");
  }
}
