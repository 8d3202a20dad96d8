package dev.weft.desktop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/** What others complete, brought to the event dispatch thread. Stateless. */
final class EventThreadFutures {
  private EventThreadFutures() {}

  /**
   * Has an action run in an event of its own when a future is complete, with its result or its
   * failure; what the action throws is the event thread's to report.
   */
  static <T extends @Nullable Object> void then(
      CompletableFuture<T> future,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action) {
    CompletableFuture<T> unused =
        future.whenComplete(
            (result, failure) ->
                SwingUtilities.invokeLater(() -> action.accept(result, reasonOf(failure))));
  }

  private static @Nullable Throwable reasonOf(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
