package dev.weft.lab;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.relay.Authenticator;
import dev.weft.relay.DocumentAccess;
import dev.weft.relay.Identity;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Knows devices by their names, which are their tokens. Confined to the simulation's thread. */
final class Doorkeeper implements Authenticator {
  private final @Nullable Duration tokenLife;
  private final Set<String> strangers = new HashSet<>();
  private final Set<String> readers = new HashSet<>();

  /**
   * Creates a doorkeeper who lets everybody in.
   *
   * @param tokenLife for how long a token is good; null: for ever
   */
  Doorkeeper(@Nullable Duration tokenLife) {
    this.tokenLife = tokenLife;
  }

  @Override
  public CompletionStage<Answer> authenticate(String token, String peer) {
    Answer answer =
        strangers.contains(token)
            ? new Refused(Refusal.forGood(Codes.UNAUTHORISED, "You are not known here."))
            : new Identity(
                person(token),
                tokenLife,
                document -> readers.contains(token) ? DocumentAccess.READ : DocumentAccess.WRITE);
    return CompletableFuture.completedFuture(answer);
  }

  /** A copy of a device is signed in as whom it was copied from. */
  private static String person(String token) {
    int copied = token.indexOf('-');
    return copied < 0 ? token : token.substring(0, copied);
  }

  /** Lets a device in no more, or again; returns whether it is let in. */
  boolean turnAway(Device device) {
    return toggle(strangers, device);
  }

  /** Lets a device write no more, or again; returns whether it may. */
  boolean letRead(Device device) {
    return toggle(readers, device);
  }

  private static boolean toggle(Set<String> names, Device device) {
    boolean removed = names.remove(device.toString());
    if (!removed) {
      names.add(device.toString());
    }
    return removed;
  }

  /** Lets everybody do everything. */
  void relent() {
    strangers.clear();
    readers.clear();
  }

  /** Returns whether anything is refused to anybody. */
  boolean isLenient() {
    return strangers.isEmpty() && readers.isEmpty();
  }
}
