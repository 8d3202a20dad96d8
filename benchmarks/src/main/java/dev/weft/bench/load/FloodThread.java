package dev.weft.bench.load;

import dev.weft.bench.load.net.EventLoop;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs clients that flood on a loop and a thread of their own, so that they delay no other. */
final class FloodThread implements AutoCloseable {
  private final EventLoop loop;
  private final List<Flooder> flooders;
  private final Thread thread;
  private volatile boolean ended;
  private volatile @Nullable IOException failure;

  /** Begins to flood. */
  FloodThread(EventLoop loop, List<Flooder> flooders) {
    this.loop = loop;
    this.flooders = flooders;
    thread = new Thread(this::run, "flood");
    thread.start();
  }

  private void run() {
    try (loop) {
      for (Flooder flooder : flooders) {
        flooder.connect();
      }
      boolean unused = loop.run(() -> ended, Long.MAX_VALUE / 2 + System.nanoTime());
      flooders.forEach(Flooder::leave);
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Ends it and waits for that. */
  @Override
  public void close() throws IOException {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    IOException reason = failure;
    if (reason != null) {
      throw reason;
    }
  }
}
