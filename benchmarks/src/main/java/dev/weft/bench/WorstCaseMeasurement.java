package dev.weft.bench;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import java.io.PrintWriter;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times single keystrokes where they are hardest, and tells the slowest. */
@Command(
    name = "worst-case",
    description = {
      "Prints the percentiles of one local keystroke in a document of many spans, and of one remote",
      "keystroke while many replicas type at once, beside a spin that does nothing, and the pauses",
      "of the garbage collector during each."
    },
    mixinStandardHelpOptions = true)
final class WorstCaseMeasurement implements Callable<Integer> {
  private static final int BASE_LENGTH = 20_000;
  private static final int WARM_UP_PARTS = 4;
  private static final double JUMPS = 0.05;

  @Spec private CommandSpec spec;

  @Option(
      names = "--spans",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Spans of the document typed into (default: ${DEFAULT-VALUE}).")
  private int spans;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Replicas that type at once (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--keystrokes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "How many are timed of each kind (default: ${DEFAULT-VALUE}).")
  private int keystrokes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where the keystrokes go (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws Exception {
    Measurements.requirePositive(spec, "--spans", spans);
    Measurements.requirePositive(spec, "--replicas", replicas);
    Measurements.requirePositive(spec, "--keystrokes", keystrokes);
    local("local, typing on with a jump every 20 keystrokes", JUMPS);
    local("local, every keystroke somewhere else", 1);
    remote("remote, everyone at a place of their own", false);
    remote("remote, everyone at the same place", true);
    return 0;
  }

  private void local(String what, double jumps) throws Exception {
    TextDocument document = fragmented();
    int warmUp = Math.max(1, keystrokes / WARM_UP_PARTS);
    long typical =
        KeystrokeLatency.typicalNanos(warmUp, typing(document.fork(new ReplicaId(3)), jumps));
    KeystrokeLatency latency = new KeystrokeLatency(typical);
    KeystrokeLatency.Keystroke typing = typing(document, jumps);
    int before = document.length();
    collectGarbage();
    try (CollectorPauses pauses = new CollectorPauses()) {
      latency.measure(keystrokes, typing);
      latency.print(out(), what + ", in a document of " + spans + " spans");
      out().println("  garbage: " + pauses.describe());
    }
    if (document.length() != before + keystrokes) {
      throw new AssertionError("not every keystroke is in the text");
    }
  }

  /**
   * A run of text with a character of another replica after each of its own: every one of them a
   * span. They go in in random order, so that the tree is not the one that appending builds.
   */
  private TextDocument fragmented() throws MalformedUpdateException {
    int own = spans / 2 + 1;
    TextDocument base = TextDocument.create(new ReplicaId(1));
    base.insert(0, "a".repeat(own));
    TextDocument document = base.fork(new ReplicaId(2));
    // Behind its nth character there are as many insertions before it as are marked in a Fenwick
    // tree; the index of the place moves by that.
    int[] places = new Random(seed).ints(0, own).distinct().limit(own).toArray();
    int[] inserted = new int[own + 1];
    for (int place : places) {
      int before = 0;
      for (int i = place; i > 0; i -= i & -i) {
        before += inserted[i];
      }
      document.insert(place + 1 + before, "b");
      for (int i = place + 1; i <= own; i += i & -i) {
        inserted[i]++;
      }
    }
    return document;
  }

  private KeystrokeLatency.Keystroke typing(TextDocument document, double jumps) {
    Random random = new Random(seed + 1);
    int[] cursor = {random.nextInt(document.length())};
    return number -> {
      if (random.nextDouble() < jumps) {
        cursor[0] = random.nextInt(document.length());
      }
      document.insert(cursor[0]++, "c");
    };
  }

  private void remote(String what, boolean samePlace) throws Exception {
    TextDocument base = TextDocument.create(new ReplicaId(1));
    base.insert(0, "a".repeat(BASE_LENGTH));
    byte[][] updates = typedAtOnce(base, samePlace);
    TextDocument warmUp = base.fork(new ReplicaId(-1));
    long typical =
        KeystrokeLatency.typicalNanos(updates.length, number -> warmUp.apply(updates[number]));
    TextDocument document = base.fork(new ReplicaId(-1));
    KeystrokeLatency latency = new KeystrokeLatency(typical);
    collectGarbage();
    try (CollectorPauses pauses = new CollectorPauses()) {
      latency.measure(updates.length, number -> document.apply(updates[number]));
      latency.print(out(), what + ", " + replicas + " replicas");
      out().println("  garbage: " + pauses.describe());
    }
    if (document.length() != BASE_LENGTH + updates.length) {
      throw new AssertionError("not every keystroke is in the text");
    }
  }

  /** What each replica types without having received anything, by turns. */
  private byte[][] typedAtOnce(TextDocument base, boolean samePlace) {
    int each = Math.max(1, keystrokes / replicas);
    byte[][] updates = new byte[each * replicas][];
    Random random = new Random(seed + 2);
    for (int replica = 0; replica < replicas; replica++) {
      TextDocument document = base.fork(new ReplicaId(2L + replica));
      int cursor = samePlace ? BASE_LENGTH / 2 : random.nextInt(document.length() + 1);
      for (int keystroke = 0; keystroke < each; keystroke++) {
        if (!samePlace && random.nextDouble() < JUMPS) {
          cursor = random.nextInt(document.length() + 1);
        }
        document.insert(cursor++, "b");
        updates[keystroke * replicas + replica] = document.ownChangesSince(keystroke);
      }
    }
    return updates;
  }

  /** What making the document left behind is not to be collected while keystrokes are timed. */
  private static void collectGarbage() {
    System.gc();
    System.gc();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
