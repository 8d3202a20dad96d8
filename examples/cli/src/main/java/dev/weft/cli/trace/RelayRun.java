package dev.weft.cli.trace;

import com.google.common.io.Closer;
import dev.weft.cli.loopback.LoopbackRelay;
import dev.weft.cli.loopback.Progress;
import dev.weft.cli.trace.Trace.Kind;
import dev.weft.cli.trace.TraceReplay.Stopwatch;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A trace as it happened, through a real relay: every writer is a client with a store and a
 * connection of its own, and has received, whenever it types, exactly what it had received when the
 * trace was recorded. A run is over when all have everything and the relay has it durably; a reader
 * who comes late then has it too. Runs any number of times, on one thread.
 */
final class RelayRun {
  private static final DocumentId DOCUMENT = new DocumentId("trace");
  private static final int MAX_WRITERS = 64;

  private static final int PATIENCE_SECONDS = 60;

  private final Script script;
  private final RelaySchedule schedule;

  /**
   * Finds the order in which the trace's transactions pass a relay.
   *
   * @throws TraceFormatException if they cannot pass one
   */
  RelayRun(Script script) throws TraceFormatException {
    Trace trace = script.trace();
    if (trace.kind() == Kind.EVENT_GRAPH) {
      throw new TraceFormatException(
          trace.name()
              + ": cannot be replayed through a relay: in an event graph every transaction is a"
              + " replica of its own, and so no author is one client; replay it live");
    }
    if (trace.writerCount() > MAX_WRITERS) {
      throw new TraceFormatException(
          trace.name()
              + ": cannot be replayed through a relay: it has "
              + trace.writerCount()
              + " agents, and at most "
              + MAX_WRITERS
              + " clients are started; replay it live");
    }
    this.script = script;
    this.schedule = RelaySchedule.of(script);
  }

  /** Runs, and returns the text that each writer and the late reader ended with. */
  List<String> run(Stopwatch stopwatch) throws IOException {
    try (LoopbackRelay relay = LoopbackRelay.start();
        Closer writers = Closer.create()) {
      return run(relay, writers, stopwatch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the replay was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a step of it does not end: " + e, e);
    }
  }

  private List<String> run(LoopbackRelay relay, Closer closer, Stopwatch stopwatch)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Trace trace = script.trace();
    writeStart(relay);
    List<Writer> writers = new ArrayList<>();
    for (int writer = 0; writer < trace.writerCount(); writer++) {
      writers.add(
          closer.register(new Writer(relay, "writer-" + writer, WriterIds.COUNTED.id(writer))));
    }
    for (int writer = 0; writer < writers.size(); writer++) {
      await(writers.get(writer).text.caughtUp());
      writers.get(writer).link.letThrough(schedule.firstView(writer));
    }
    stopwatch.start();
    typeAll(writers);
    converge(writers);
    for (Writer writer : writers) {
      await(writer.text.delivered());
    }
    stopwatch.stop();

    List<String> texts = new ArrayList<>();
    for (Writer writer : writers) {
      texts.add(writer.text.text());
    }
    try (Writer late = new Writer(relay, "late", Replicas.READER)) {
      await(late.text.caughtUp());
      texts.add(late.text.text());
    }
    return texts;
  }

  /** Has the text before the first transaction written by a client of its own. */
  private void writeStart(LoopbackRelay relay)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    String start = script.trace().startContent();
    if (!start.isEmpty()) {
      try (Writer first = new Writer(relay, "start", WriterIds.COUNTED.beforeAll())) {
        first.text.insert(0, start);
        await(first.text.delivered());
      }
    }
  }

  private void typeAll(List<Writer> writers)
      throws IOException, InterruptedException, TimeoutException {
    Trace trace = script.trace();
    for (int transaction : schedule.order()) {
      Writer writer = writers.get(trace.writer(transaction));
      writer.await(schedule.view(transaction));
      writer.text.transact(document -> script.type(transaction, document));
      Optional<VersionVector> next = schedule.nextView(transaction);
      if (next.isPresent()) {
        writer.link.letThrough(next.get());
      } else {
        writer.link.letAllThrough();
      }
      if (schedule.endsMessage(transaction)) {
        VersionVector typed = VersionVector.of(writer.text.replica(), schedule.end(transaction));
        for (Writer other : writers) {
          if (other != writer) {
            other.link.awaitArrival(typed);
          }
        }
      }
    }
  }

  private static void converge(List<Writer> writers)
      throws IOException, InterruptedException, TimeoutException {
    VersionVector all = VersionVector.EMPTY;
    for (Writer writer : writers) {
      all = all.merge(writer.text.version());
    }
    for (Writer writer : writers) {
      writer.await(all);
    }
  }

  private static void await(CompletableFuture<@Nullable Void> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** A client with its store and its connection. */
  private static final class Writer implements Closeable {
    private final Progress progress = new Progress();
    private final HeldLink link;
    private final WorkspaceStore store;
    private final WeftClient client;
    private final SharedText text;
    private final Subscription changes;

    Writer(LoopbackRelay relay, String name, ReplicaId replica) throws IOException {
      link = new HeldLink(relay.uri(), progress);
      store = relay.openStore(name, new AtomicLong(replica.bits())::getAndIncrement);
      client = WeftClient.builder().relay(link.uri()).store(store).build();
      text = client.open(DOCUMENT);
      changes = text.observe(change -> progress.made());
    }

    /** Waits until the text has {@code wanted}, which the link lets through. */
    void await(VersionVector wanted) throws IOException, InterruptedException, TimeoutException {
      if (!text.version().includes(wanted)) {
        progress.await(
            "the receipt of a change", () -> link.isBroken() || text.version().includes(wanted));
        link.requireWhole();
      }
    }

    @Override
    public void close() throws IOException {
      try (link;
          store) {
        changes.close();
        client.close();
      }
    }
  }
}
