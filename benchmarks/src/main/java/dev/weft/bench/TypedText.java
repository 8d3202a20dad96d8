package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.TextDocument;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;

/** A text that a sequential trace is typed into, edit by edit. Not thread-safe. */
interface TypedText extends AutoCloseable {
  /** The document that all is typed into. */
  DocumentId DOCUMENT = new DocumentId("automerge-paper");

  /** Makes the edit of this number. */
  void type(int patch);

  /** Waits until the store has all that was typed. */
  default void awaitStored() {}

  String text();

  @Override
  default void close() {}

  /** Types into nothing: what is left is the cost of looking at the clock. */
  static TypedText nothing() {
    return new TypedText() {
      @Override
      public void type(int patch) {}

      @Override
      public String text() {
        return "";
      }
    };
  }

  /**
   * Types into nothing, but wakes a sleeping thread with the first keystroke of each window: what
   * the system takes for that.
   */
  static TypedText waking(Duration window) {
    ScheduledThreadPoolExecutor sleeper = new ScheduledThreadPoolExecutor(1);
    return new TypedText() {
      private long woken = System.nanoTime();

      @Override
      public void type(int patch) {
        long now = System.nanoTime();
        if (now - woken >= window.toNanos()) {
          woken = now;
          sleeper.execute(() -> {});
        }
      }

      @Override
      public String text() {
        return "";
      }

      @Override
      public void close() {
        sleeper.shutdown();
      }
    };
  }

  /** Types into a document without client and store. */
  static TypedText bare(Script script) {
    TextDocument document = script.newDocument();
    return new TypedText() {
      @Override
      public void type(int patch) {
        int start = script.start(patch);
        int end = script.end(patch);
        String inserted = script.inserted(patch);
        if (start == end) {
          document.insert(start, inserted);
        } else if (inserted.isEmpty()) {
          document.delete(start, end);
        } else {
          document.replace(start, end, inserted);
        }
      }

      @Override
      public String text() {
        return document.text();
      }
    };
  }

  /** Types into a text of a client without relay, which is closed with it; the store is not. */
  static TypedText shared(Script script, WorkspaceStore store, Duration window) {
    WeftClient client = WeftClient.builder().store(store).storeWindow(window).build();
    SharedText text = client.open(DOCUMENT);
    if (!script.trace().startContent().isEmpty()) {
      text.insert(0, script.trace().startContent());
    }
    return new TypedText() {
      private static final Duration DEADLINE = Duration.ofSeconds(60);
      private static final Duration LOOK_AGAIN = Duration.ofNanos(20_000);

      @Override
      public void type(int patch) {
        int start = script.start(patch);
        int end = script.end(patch);
        String inserted = script.inserted(patch);
        if (start == end) {
          text.insert(start, inserted);
        } else if (inserted.isEmpty()) {
          text.delete(start, end);
        } else {
          text.replace(start, end, inserted);
        }
      }

      @Override
      public void awaitStored() {
        long begun = System.nanoTime();
        while (text.status().unstoredChanges() > 0) {
          if (System.nanoTime() - begun > DEADLINE.toNanos()) {
            throw new AssertionError("not stored within " + DEADLINE.toSeconds() + " s");
          }
          LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
      }

      @Override
      public String text() {
        return text.text();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
