package dev.weft.cli.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** When each transaction of a trace is typed, from the beginning of a run. Immutable. */
final class Pace {
  private final double[] parts;
  private final Duration whole;

  /**
   * @param parts per transaction, which part of the run is over when it is typed
   */
  private Pace(double[] parts, Duration whole) {
    this.parts = parts;
    this.whole = whole;
  }

  /** Returns a pace at which the transactions follow each other evenly, in the file's order. */
  static Pace steady(Trace trace, Duration whole) {
    double[] parts = new double[trace.transactionCount()];
    Arrays.setAll(parts, transaction -> (double) transaction / parts.length);
    return new Pace(parts, whole);
  }

  /**
   * Returns the pace at which the trace was recorded, sped up so that it takes {@code whole}. The
   * file tells whole seconds; what a writer typed in one is spread evenly over it.
   */
  static Pace recorded(Trace trace, Path file, Duration whole) throws IOException {
    long[] seconds = readSeconds(file, trace.transactionCount());
    long first = Arrays.stream(seconds).min().orElseThrow();
    double span = Arrays.stream(seconds).max().orElseThrow() + 1 - first;
    double[] parts = new double[seconds.length];
    for (int writer = 0; writer < trace.writerCount(); writer++) {
      int[] own = transactionsOf(trace, writer);
      int start = 0;
      while (start < own.length) {
        int end = start;
        while (end < own.length && seconds[own[end]] == seconds[own[start]]) {
          end++;
        }
        for (int i = start; i < end; i++) {
          double within = (double) (i - start) / (end - start);
          parts[own[i]] = (seconds[own[i]] - first + within) / span;
        }
        start = end;
      }
    }
    return new Pace(parts, whole);
  }

  /** Returns which transactions a writer makes, ascending. */
  static int[] transactionsOf(Trace trace, int writer) {
    int[] own = new int[trace.transactionCount()];
    int count = 0;
    for (int transaction = 0; transaction < own.length; transaction++) {
      if (trace.writer(transaction) == writer) {
        own[count++] = transaction;
      }
    }
    return Arrays.copyOf(own, count);
  }

  /** Returns how long after the beginning the transaction is typed. */
  long nanos(int transaction) {
    return (long) (parts[transaction] * whole.toNanos());
  }

  private static long[] readSeconds(Path file, int count) throws IOException {
    long[] seconds = new long[count];
    int read = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
        JsonParser parser = new JsonFactory().createParser(in)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("time")) {
          seconds[read++] = OffsetDateTime.parse(parser.nextTextValue()).toEpochSecond();
        }
      }
    }
    if (read != count) {
      throw new AssertionError(file + " tells " + read + " times for " + count + " transactions");
    }
    return seconds;
  }
}
