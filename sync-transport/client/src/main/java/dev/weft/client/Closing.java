package dev.weft.client;

import com.google.common.base.Throwables;
import dev.weft.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How a caller waits, within a bound, until what it closes is stored. Stateless. */
final class Closing {
  private Closing() {}

  /**
   * Waits for {@code stored}.
   *
   * @throws StoreException if it fails, or is not complete in time
   */
  static void await(CompletableFuture<@Nullable Void> stored, Duration within) {
    long nanos = Loop.nanosOf(within);
    try {
      stored.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Throwables.getRootCause(e);
      throw new StoreException(
          "the text is closed but not all of it is stored: " + cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new StoreException(
          "the text is closed but the store did not confirm within "
              + TimeUnit.NANOSECONDS.toMillis(nanos)
              + " ms",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("the text is closed but the wait for the store was interrupted", e);
    }
  }
}
