package dev.weft.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.weft.client.VirtualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Plays schedules, each in a world of its own. Thread-safe. */
final class Simulation {
  private final Path directory;

  /**
   * Creates it.
   *
   * @param directory where the worlds' disks are: a fast one
   */
  Simulation(Path directory) {
    this.directory = directory;
  }

  /**
   * What came of a run.
   *
   * @param failure what was false; null if nothing was
   * @param digest of all that happened
   */
  record Outcome(Schedule schedule, @Nullable Falsehood failure, long digest, Tally tally) {
    boolean isFailure() {
      return failure != null;
    }

    boolean breaks(@Nullable Promise promise) {
      return failure != null && failure.promise() == promise;
    }
  }

  /**
   * Plays a schedule.
   *
   * @param log where it is told what happens; null: nowhere
   */
  Outcome play(Schedule schedule, @Nullable PrintWriter log) {
    Tally tally = new Tally();
    VirtualTime time = new VirtualTime(new SplittableRandom(schedule.seed() ^ 0x5eed));
    Chronicle chronicle = new Chronicle(time, log);
    List<Throwable> unhandled = new ArrayList<>();
    List<Falsehood> faults = new ArrayList<>();
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((at, thrown) -> unhandled.add(thrown));
    LogWatch.begin(
        event -> {
          chronicle.note("log", event.getFormattedMessage());
          if (event.getLevel() == Level.ERROR) {
            faults.add(fault(event));
          }
        });
    Falsehood failure = null;
    Path place = null;
    try {
      place = Files.createTempDirectory(directory, "world");
      World world = new World(place, schedule.seed(), schedule.climate(), tally, time, chronicle);
      for (Schedule.Step step : schedule.steps()) {
        chronicle.begin(step);
        step.action().play(world, new SplittableRandom(step.seed()));
        chronicle.end(step);
        world.check();
        time.runFor(step.pauseNanos());
        world.check();
      }
      chronicle.note("all", "is repaired");
      world.heal();
      world.close();
    } catch (IOException e) {
      throw new AssertionError("no place for a world in " + directory, e);
    } catch (RuntimeException | Error e) {
      failure = thrown(e);
    } finally {
      thread.setUncaughtExceptionHandler(before);
      LogWatch.end();
      if (place != null) {
        delete(place);
      }
    }
    Falsehood first = failure;
    if (!unhandled.isEmpty()) {
      // It was before what ended the run, and perhaps why.
      first = thrown(unhandled.get(0));
    } else if (failure == null && !faults.isEmpty()) {
      first = faults.get(0);
    }
    return new Outcome(schedule, first, chronicle.digest(), tally);
  }

  private static Falsehood thrown(Throwable unhandled) {
    return unhandled instanceof Falsehood falsehood
        ? falsehood
        : new Falsehood(Promise.NOTHING_IS_THROWN, unhandled.toString(), unhandled);
  }

  private static Falsehood fault(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return event.getThrowableProxy() instanceof ThrowableProxy proxy
        ? new Falsehood(Promise.NOTHING_IS_AT_FAULT, message, proxy.getThrowable())
        : new Falsehood(Promise.NOTHING_IS_AT_FAULT, message);
  }

  private static void delete(Path place) {
    try {
      Files.walkFileTree(
          place,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new AssertionError("cannot delete " + place, e);
    }
  }
}
