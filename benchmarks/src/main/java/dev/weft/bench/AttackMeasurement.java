package dev.weft.bench;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.UndoHistory;
import dev.weft.crdt.VersionVector;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Merges histories that nobody types, made to find the costly case of a merge. */
@Command(
    name = "attack",
    description = {
      "Merges histories made to be costly, of N/4, N/2 and N changes: where the time",
      "doubles with the number it is n log n or better, where it takes four times as",
      "long it is quadratic."
    },
    mixinStandardHelpOptions = true)
final class AttackMeasurement implements Callable<Integer> {
  private static final int STEPS = 3;
  private static final int CHAINS = 100;
  private static final int SPANS = 1000;
  private static final String START = "[]";

  @Spec private CommandSpec spec;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "How many changes, each by a replica of its own where the attack has it so"
              + " (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "A size is left out if by the growth so far it takes longer (default: ${DEFAULT-VALUE}).")
  private int limitSeconds;

  @Option(
      names = "--only",
      paramLabel = "WORD",
      defaultValue = "",
      description = "Only attacks whose name has this word.")
  private String only;

  /** A history and the order in which its updates come in. */
  private record History(TextDocument base, List<byte[]> updates) {}

  /** Makes a history of about so many changes. */
  @FunctionalInterface
  private interface Attack {
    History make(int size) throws MalformedUpdateException;
  }

  @Override
  public Integer call() throws MalformedUpdateException {
    Measurements.requirePositive(spec, "--changes", changes);
    Measurements.requirePositive(spec, "--limit", limitSeconds);
    warmUp();
    out().printf("%-56s %10s %12s %12s %9s%n", "attack", "changes", "ms", "ns/change", "x before");
    run("same place, ids ascending", this::samePlace);
    run("same place, ids descending", size -> reversed(samePlace(size)));
    run("same place, any order", size -> shuffled(samePlace(size)));
    run("same place, one update", size -> asOne(samePlace(size)));
    run("same place, words of 5, any order", size -> shuffled(samePlace(size, "weft ")));
    run("each before the one before, " + CHAINS + " at once, by turns", this::chains);
    run(
        "each before the one before, " + CHAINS + " at once, one update",
        size -> asOne(chains(size)));
    run("each before the one before, " + CHAINS + " at once, one by one", this::chainsOneByOne);
    run("each behind the one before, " + CHAINS + " at once, by turns", this::appendedChains);
    run("around each other, 2 at once, by turns", this::nested);
    run("the same " + SPANS + " spans deleted by all", this::sameDeletes);
    run("the same " + SPANS + " spans deleted and brought back by all", this::sameRestores);
    return 0;
  }

  private void run(String name, Attack attack) throws MalformedUpdateException {
    if (!name.contains(only)) {
      return;
    }
    double before = 0;
    double growth = 4;
    for (int step = STEPS - 1; step >= 0; step--) {
      int size = Math.max(1, changes >> step);
      if (before * growth > limitSeconds * 1e9) {
        out()
            .printf(
                Locale.ROOT,
                "%-56s %,10d %12s  (left out: about %.0f s by the growth so far)%n",
                name,
                size,
                "-",
                before * growth / 1e9);
        before *= growth;
        continue;
      }
      History history = attack.make(size);
      double nanos = merge(history);
      out()
          .printf(
              Locale.ROOT,
              "%-56s %,10d %12.1f %12.0f %9s%n",
              name,
              size,
              nanos / 1e6,
              nanos / size,
              before == 0 ? "" : String.format(Locale.ROOT, "%.2f", nanos / before));
      growth = before == 0 ? growth : nanos / before;
      before = nanos;
    }
  }

  private static double merge(History history) throws MalformedUpdateException {
    TextDocument document = history.base.fork(new ReplicaId(-1));
    long started = System.nanoTime();
    for (byte[] update : history.updates) {
      document.apply(update);
    }
    long nanos = System.nanoTime() - started;
    // Whoever takes it in the other way round must read the same.
    if (history.updates.size() > 1) {
      TextDocument other = history.base.fork(new ReplicaId(-1));
      other.apply(document.changesSince(VersionVector.EMPTY));
      if (!other.text().equals(document.text())) {
        throw new AssertionError("two ways of merging one history end with different texts");
      }
    }
    return nanos;
  }

  private void warmUp() throws MalformedUpdateException {
    int size = Math.min(changes, 2000);
    for (int run = 0; run < 5; run++) {
      merge(shuffled(samePlace(size)));
      merge(chains(size));
      merge(nested(size));
      merge(sameDeletes(size));
      merge(sameRestores(size));
      merge(asOne(samePlace(size)));
    }
  }

  private static TextDocument base() {
    TextDocument base = TextDocument.create(new ReplicaId(0));
    base.insert(0, START);
    return base;
  }

  private History samePlace(int size) {
    return samePlace(size, "x");
  }

  /** Everyone inserts between the same two units, knowing of nobody else. */
  private History samePlace(int size, String inserted) {
    TextDocument base = base();
    List<byte[]> updates = new ArrayList<>(size);
    for (int replica = 1; replica <= size; replica++) {
      TextDocument document = base.fork(new ReplicaId(replica));
      document.insert(1, inserted);
      updates.add(document.ownChangesSince(0));
    }
    return new History(base, updates);
  }

  /** Some at once type backwards at one place: each unit's right origin is the one before it. */
  private History chains(int size) {
    return byTurns(size, CHAINS, (document, keystroke) -> document.insert(1, "x"));
  }

  private History chainsOneByOne(int size) {
    History turns = chains(size);
    int each = turns.updates.size() / CHAINS;
    List<byte[]> updates = new ArrayList<>();
    for (int replica = 0; replica < CHAINS; replica++) {
      for (int keystroke = 0; keystroke < each; keystroke++) {
        updates.add(turns.updates.get(keystroke * CHAINS + replica));
      }
    }
    return new History(turns.base, updates);
  }

  private History appendedChains(int size) {
    return byTurns(size, CHAINS, (document, keystroke) -> document.insert(1 + keystroke, "x"));
  }

  /** Two at once insert into the middle of what they inserted: origins nested in each other. */
  private History nested(int size) {
    return byTurns(size, 2, (document, keystroke) -> document.insert(1 + (keystroke + 1) / 2, "x"));
  }

  /** Makes a keystroke. */
  @FunctionalInterface
  private interface Keystroke {
    void type(TextDocument document, int number);
  }

  private static History byTurns(int size, int replicas, Keystroke typing) {
    TextDocument base = base();
    int each = Math.max(1, size / replicas);
    byte[][] updates = new byte[each * replicas][];
    for (int replica = 0; replica < replicas; replica++) {
      TextDocument document = base.fork(new ReplicaId(1L + replica));
      for (int keystroke = 0; keystroke < each; keystroke++) {
        typing.type(document, keystroke);
        updates[keystroke * replicas + replica] = document.ownChangesSince(keystroke);
      }
    }
    return new History(base, Arrays.asList(updates));
  }

  /** Everyone deletes the same text, which is of many spans. */
  private History sameDeletes(int size) {
    return bySpans(size, document -> document.delete(1, 1 + SPANS));
  }

  /** Everyone deletes the same text and undoes that. */
  private History sameRestores(int size) {
    return bySpans(
        size,
        document -> {
          UndoHistory undo = UndoHistory.of(document).build();
          document.delete(1, 1 + SPANS);
          if (undo.undo().isEmpty()) {
            throw new AssertionError("there is something to undo");
          }
          undo.close();
        });
  }

  private static History bySpans(int size, Consumer<TextDocument> edit) {
    TextDocument base = base();
    for (int span = 0; span < SPANS; span++) {
      base.insert(1 + span / 2, "x");
    }
    int replicas = Math.max(1, size / SPANS);
    List<byte[]> updates = new ArrayList<>(replicas);
    for (int replica = 1; replica <= replicas; replica++) {
      TextDocument document = base.fork(new ReplicaId(replica));
      edit.accept(document);
      updates.add(document.ownChangesSince(0));
    }
    return new History(base, updates);
  }

  private static History reversed(History history) {
    List<byte[]> updates = new ArrayList<>(history.updates);
    Collections.reverse(updates);
    return new History(history.base, updates);
  }

  private static History shuffled(History history) {
    List<byte[]> updates = new ArrayList<>(history.updates);
    Collections.shuffle(updates, new Random(1));
    return new History(history.base, updates);
  }

  /** The same changes as one update, which somebody sends who has merged them. */
  private static History asOne(History history) throws MalformedUpdateException {
    TextDocument document = history.base.fork(new ReplicaId(-1));
    for (byte[] update : history.updates) {
      document.apply(update);
    }
    return new History(history.base, List.of(document.changesSince(history.base.version())));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
