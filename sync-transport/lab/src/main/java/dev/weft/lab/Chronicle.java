package dev.weft.lab;

import dev.weft.client.VirtualTime;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a run, in order: printed where somebody reads along, and always digested, so that
 * two runs can be told to be the same. Confined to the simulation's thread.
 */
final class Chronicle {
  private static final long FNV_PRIME = 0x100000001b3L;

  private final VirtualTime time;
  private final @Nullable PrintWriter out;
  private long digest = 0xcbf29ce484222325L;
  private long lines;
  private long linesBeforeStep;

  /**
   * Creates a chronicle.
   *
   * @param out where it is written; null: nowhere
   */
  Chronicle(VirtualTime time, @Nullable PrintWriter out) {
    this.time = time;
    this.out = out;
  }

  /** Tells which step comes now, so that what happens can be tied to it. */
  void begin(Schedule.Step step) {
    note("step " + step.number(), step.action().toString());
    linesBeforeStep = lines;
  }

  /** Tells of a step that found nobody whom it could befall, that it did. */
  void end(Schedule.Step step) {
    if (lines == linesBeforeStep) {
      note("step " + step.number(), "befalls nobody");
    }
  }

  /** Notes that a frame has come to an end of a connection. */
  void frame(String who, boolean up, byte[] frame) {
    lines++;
    digest(time.nanos());
    digest(who);
    digest(Arrays.hashCode(frame));
    if (out != null) {
      print(who, (up ? "> " : "< ") + Sentence.of(frame, up));
    }
  }

  /** Notes what happened. */
  void note(String who, String what) {
    lines++;
    digest(time.nanos());
    digest(who);
    digest(what);
    print(who, what);
  }

  private void print(String who, String what) {
    if (out != null) {
      out.printf(
          Locale.ROOT,
          "%11.4f s  %-9s %s%n",
          time.nanos() / (double) TimeUnit.SECONDS.toNanos(1),
          who,
          what);
    }
  }

  private void digest(String text) {
    for (int i = 0; i < text.length(); i++) {
      digest(text.charAt(i));
    }
  }

  private void digest(long value) {
    digest = (digest ^ value) * FNV_PRIME;
  }

  /** Returns a value that equal runs have alike, and others hardly ever. */
  long digest() {
    return digest;
  }

  /** Returns how much happened. */
  long lines() {
    return lines;
  }
}
