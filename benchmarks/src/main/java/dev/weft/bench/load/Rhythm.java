package dev.weft.bench.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * How people type: how many edits fall into each second while they are at it. Pauses of more than a
 * few seconds are left out. A clock plays it quicker or slower, so that as many edits come in the
 * long run as are wanted; bursts and pauses keep their proportions. Immutable.
 */
final class Rhythm {
  /** So much of a pause belongs to typing. */
  private static final long LONGEST_PAUSE_SECONDS = 2;

  private static final JsonFactory JSON = new JsonFactory();

  private final int[] editsOfSeconds;
  private final double mean;

  private Rhythm(int[] editsOfSeconds) {
    this.editsOfSeconds = editsOfSeconds;
    this.mean = Arrays.stream(editsOfSeconds).average().orElseThrow();
  }

  /** One edit in each space of time, somewhere in it. */
  static Rhythm even() {
    return new Rhythm(new int[] {1});
  }

  /** Returns whether it has no bursts. */
  boolean isEven() {
    return Arrays.stream(editsOfSeconds).distinct().count() == 1;
  }

  /** Returns a rhythm of so many edits in each second. */
  static Rhythm of(int... editsOfSeconds) {
    if (Arrays.stream(editsOfSeconds).sum() == 0) {
      throw new IllegalArgumentException("a rhythm needs edits");
    }
    return new Rhythm(editsOfSeconds.clone());
  }

  /**
   * Reads when the transactions of a recorded trace were made.
   *
   * @throws IOException if it cannot be read, or does not tell the times
   */
  static Rhythm recorded(Path trace) throws IOException {
    long[] seconds = new long[1 << 10];
    int count = 0;
    try (InputStream file = Files.newInputStream(trace);
        InputStream plain = trace.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
        JsonParser json = JSON.createParser(plain)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "time".equals(json.currentName())) {
          if (count == seconds.length) {
            seconds = Arrays.copyOf(seconds, 2 * count);
          }
          seconds[count++] = Instant.parse(json.getText()).getEpochSecond();
        }
      }
    } catch (DateTimeParseException e) {
      throw new IOException(trace + ": " + e.getMessage(), e);
    }
    long[] times = Arrays.copyOf(seconds, count);
    Arrays.sort(times);
    if (count == 0 || times[0] == times[count - 1]) {
      throw new IOException(trace + " does not tell when it was typed");
    }
    return new Rhythm(perSecond(times));
  }

  /** Returns how many of ascending times fall into each second, long pauses left out. */
  static int[] perSecond(long[] times) {
    int[] counts = new int[16];
    int last = 0;
    for (int i = 0; i < times.length; i++) {
      if (i > 0) {
        last += (int) Math.min(LONGEST_PAUSE_SECONDS + 1, times[i] - times[i - 1]);
      }
      if (last >= counts.length) {
        counts = Arrays.copyOf(counts, 2 * last);
      }
      counts[last]++;
    }
    return Arrays.copyOf(counts, last + 1);
  }

  /**
   * Returns a writer's clock.
   *
   * @param editsPerSecond on average
   */
  Clock clock(double editsPerSecond, Random random) {
    return new Clock(TimeUnit.SECONDS.toNanos(1) * mean / editsPerSecond, random);
  }

  /** Tells when the next edit is due, from a random place of the rhythm on. Not thread-safe. */
  final class Clock {
    private final double secondNanos;
    private final Random random;
    private final int first;
    private long second;
    private double[] due = new double[0];
    private int next;

    private Clock(double secondNanos, Random random) {
      this.secondNanos = secondNanos;
      this.random = random;
      this.first = random.nextInt(editsOfSeconds.length);
    }

    /** Returns when the next edit is due, in nanoseconds from the beginning. */
    long nextNanos() {
      while (next == due.length) {
        int edits = editsOfSeconds[(int) ((first + second) % editsOfSeconds.length)];
        due = new double[edits];
        for (int i = 0; i < edits; i++) {
          due[i] = (second + random.nextDouble()) * secondNanos;
        }
        Arrays.sort(due);
        next = 0;
        second++;
      }
      return (long) due[next++];
    }
  }
}
