package dev.weft.cli;

import dev.weft.client.SaveProgress;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SharedText;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A save that an earlier command asked for and left in the store. */
final class EarlierSave {
  private final CompletableFuture<SaveProgress> settled = new CompletableFuture<>();

  /** Watches what becomes of it, from when its text is opened. */
  EarlierSave(SharedText text) {
    text.onSave(
        progress -> {
          if (progress.state() != SaveProgress.State.PENDING) {
            settled.complete(progress);
          }
        });
  }

  /** Returns the receipt, if it comes soon. */
  Optional<SaveReceipt> receipt(Duration patience) throws InterruptedException {
    try {
      return Optional.ofNullable(settled.get(patience.toMillis(), TimeUnit.MILLISECONDS).receipt());
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new AssertionError("nothing fails here", e);
    }
  }
}
