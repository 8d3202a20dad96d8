package dev.weft.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether files have changed, on a daemon thread of its own, and has them
 * read again once two looks have found them alike; where that fails, until it succeeds.
 *
 * <p>It looks at the files instead of asking the system to be told: what an operator changes is
 * often a link to elsewhere (as certbot and Kubernetes do), or lies on another machine, of which a
 * {@link java.nio.file.WatchService} says nothing. A look costs a few microseconds.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  static final Duration INTERVAL = Duration.ofSeconds(1);

  /**
   * How often files are read after a change: one that comes in the same tick of the file system's
   * clock as a reading leaves no trace in the time of the file.
   */
  private static final int READINGS = 3;

  private final String what;
  private final List<Path> files;
  private final Content content;
  private final ScheduledThreadPoolExecutor thread;

  // The thread's.
  private List<Stamp> seen = List.of();
  private int readings = READINGS;
  private @Nullable String fault;

  private FileWatch(String what, List<Path> files, Content content) {
    this.what = what;
    this.files = List.copyOf(files);
    this.content = content;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(task, "weft-relay-files");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /** What is made of the files. */
  @FunctionalInterface
  interface Content {
    /**
     * Reads the files, which may be as they were; what was made of them before holds until this
     * returns.
     *
     * @throws UnusableFileException if they are not in order: they are read again later
     */
    void read();
  }

  /**
   * Begins to look at files that the caller has just read.
   *
   * @param what names them in the log
   */
  static FileWatch begin(String what, List<Path> files, Duration interval, Content content) {
    FileWatch watch = new FileWatch(what, files, content);
    var unused =
        watch.thread.scheduleWithFixedDelay(
            watch::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    return watch;
  }

  private void look() {
    List<Stamp> now = stamps();
    if (!now.equals(seen)) {
      seen = now;
      readings = READINGS;
      // It may just be being written: what has been cut off must not count as what was meant.
      return;
    }
    if (readings == 0 && fault == null) {
      return;
    }
    readings = Math.max(0, readings - 1);
    try {
      content.read();
      if (fault != null) {
        log.info("{} can be used again", what);
        fault = null;
      }
    } catch (UnusableFileException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(fault)) {
        fault = why;
        log.error(
            "{} is not taken over, what was read before goes on to hold: {}",
            what,
            Sentences.printable(why));
      }
    } catch (RuntimeException | Error e) {
      // Thrown on, it would end the looking without a word.
      log.error("{} could not be taken over", what, e);
    }
  }

  private List<Stamp> stamps() {
    List<Stamp> stamps = new ArrayList<>(files.size());
    for (Path file : files) {
      stamps.add(Stamp.of(file));
    }
    return stamps;
  }

  /** What tells one state of a file from another without reading it; links are followed. */
  private record Stamp(@Nullable FileTime modified, long bytes, @Nullable Object key) {
    static Stamp of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
      } catch (IOException e) {
        return new Stamp(null, -1, null);
      }
    }
  }

  /** Looks no more. What is just being read may still be taken over. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
