package dev.weft.client;

import dev.weft.protocol.RelayMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signs of life that were asked for while polling. On a connection that lasts, a sign comes
 * behind all that was on its way when it was asked for, and so says that the client has that. Here
 * it may come by another request than a long answer, and before it; so it waits for the answers
 * that were due. Not thread-safe.
 *
 * @param <R> a request that is under way
 */
final class SignsOfLife<R> {
  private final List<Sign<R>> signs = new ArrayList<>();

  /** A sign is asked for while {@code due} are under way. Each nonce is higher than the last. */
  void asked(long nonce, Collection<R> due) {
    signs.add(new Sign<>(nonce, new HashSet<>(due)));
  }

  /** A sign has come. Returns the signs that wait for nothing any more, in order. */
  List<RelayMessage.Pong> came(RelayMessage.Pong pong) {
    for (Sign<R> sign : signs) {
      if (sign.nonce == pong.nonce()) {
        sign.pong = pong;
      }
    }
    return takeReady();
  }

  /** A request was answered. Returns the signs that wait for nothing any more, in order. */
  List<RelayMessage.Pong> answered(R request) {
    signs.forEach(sign -> sign.due.remove(request));
    return takeReady();
  }

  private List<RelayMessage.Pong> takeReady() {
    List<RelayMessage.Pong> ready = new ArrayList<>();
    for (Sign<R> sign : signs) {
      if (sign.pong != null && sign.due.isEmpty()) {
        ready.add(sign.pong);
      }
    }
    if (!ready.isEmpty()) {
      // What was asked for before and has not come is lost.
      long last = ready.get(ready.size() - 1).nonce();
      signs.removeIf(sign -> sign.nonce <= last);
    }
    return ready;
  }

  private static final class Sign<R> {
    final long nonce;
    final Set<R> due;
    RelayMessage.@Nullable Pong pong;

    Sign(long nonce, Set<R> due) {
      this.nonce = nonce;
      this.due = due;
    }
  }
}
