package dev.weft.cli.trace;

import dev.weft.cli.trace.TraceReplay.Mode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** What replaying a trace gave: the text, and how long the runs took. Immutable. */
public final class ReplayResult {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Trace trace;
  private final Mode mode;
  private final long[] ascendingNanos;
  private final Recording recording;

  ReplayResult(Trace trace, Mode mode, long[] nanos, Recording recording) {
    this.trace = trace;
    this.mode = mode;
    this.ascendingNanos = nanos.clone();
    Arrays.sort(ascendingNanos);
    this.recording = recording;
  }

  /** Returns the trace that was replayed. */
  public Trace trace() {
    return trace;
  }

  /** Returns how the trace was taken in. */
  public Mode mode() {
    return mode;
  }

  /** Returns the middle one of the runs' times, of an even number the mean of the middle two. */
  public double medianMillis() {
    int middle = ascendingNanos.length / 2;
    double median =
        ascendingNanos.length % 2 == 1
            ? ascendingNanos[middle]
            : (ascendingNanos[middle - 1] + ascendingNanos[middle]) / 2.0;
    return median / NANOS_PER_MILLI;
  }

  /** Returns the quickest run's time. */
  public double minMillis() {
    return ascendingNanos[0] / NANOS_PER_MILLI;
  }

  /** Returns how many runs counted. */
  public int runs() {
    return ascendingNanos.length;
  }

  /** Returns how many code points the final text has. */
  public int characters() {
    return recording.text().codePointCount(0, recording.text().length());
  }

  /** Returns the SHA-256 of the final text in UTF-8, in lower-case hexadecimal. */
  public String sha256() {
    try {
      byte[] utf8 = recording.text().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Returns whether the text is the trace's endContent, where it has one. */
  public Optional<Boolean> matches() {
    return trace.endContent().map(recording.text()::equals);
  }

  /** Returns where the text parts from the trace's endContent, if it does. */
  public Optional<String> difference() {
    return trace
        .endContent()
        .filter(expected -> !expected.equals(recording.text()))
        .map(expected -> TextDifference.describe(expected, recording.text()));
  }

  /** Returns the size of the snapshot with the full history. */
  public int encodedBytes() {
    return recording.snapshot().length;
  }
}
