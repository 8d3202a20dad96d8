package dev.weft.lab;

import static net.bytebuddy.matcher.ElementMatchers.named;

import com.google.common.collect.ImmutableSet;
import dev.weft.client.ClientMutations;
import dev.weft.crdt.CoreMutations;
import dev.weft.relay.RelayMutations;
import dev.weft.store.StoreMutations;
import java.io.IOException;
import java.lang.reflect.Method;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;

/** A defect that somebody could make, and which promises it should be seen to break. */
enum Mutant {
  ACKNOWLEDGES_BEFORE_FSYNC(
      "dev.weft.relay.PendingSaves",
      "add",
      RelayMutations.SavedOnceItIsHere.class,
      Promise.SAVED_IS_SAFE),
  NEVER_SYNCS(
      "dev.weft.lab.DiskStore",
      "append",
      LabMutations.NothingIsSynced.class,
      Promise.STATUS_IS_TRUE,
      Promise.SAVED_IS_SAFE),
  FORGETS_TO_DEDUPE(
      "dev.weft.store.CausalAppend",
      "of",
      StoreMutations.NothingIsKnown.class,
      Promise.ALL_RECOVER,
      Promise.NOTHING_IS_THROWN),
  SAYS_SAVED_WHEN_SENT(
      "dev.weft.client.Watermark",
      "rose",
      ClientMutations.SentIsSafe.class,
      Promise.STATUS_IS_TRUE),
  TRIMS_OUTBOX_EARLY(
      "dev.weft.client.Journal",
      "relayHoldsDurably",
      ClientMutations.OutboxIsTrimmedEarly.class,
      Promise.STATUS_IS_TRUE),
  SKIPS_CAUSAL_CHECK(
      "dev.weft.relay.Progress",
      "isReady",
      LabMutations.ItIsSo.class,
      Promise.NOTHING_IS_AT_FAULT,
      Promise.ALL_RECOVER),
  LETS_ARRIVAL_DECIDE(
      "dev.weft.crdt.SiblingSearch",
      "find",
      CoreMutations.ArrivalDecides.class,
      Promise.ALL_CONVERGE),
  LOSES_OWED_MARK(
      "dev.weft.relay.SendQueue",
      "owe",
      LabMutations.NothingIsDone.class,
      Promise.FRESH_IS_FRESH,
      Promise.ALL_RECOVER),
  REUSES_REPLICA_ID(
      "dev.weft.store.IdentityTable",
      "retireAll",
      LabMutations.NothingIsDone.class,
      Promise.NAMES_ARE_ONES_OWN),
  OVERLOOKS_FORKS(
      "dev.weft.relay.RelayedText",
      "isForkedAt",
      LabMutations.ItIsNot.class,
      Promise.ALL_CONVERGE,
      Promise.ALL_RECOVER),
  NEVER_GOES_STALE(
      "dev.weft.client.Heartbeat", "isStale", LabMutations.ItIsNot.class, Promise.FRESH_IS_FRESH),
  GIVES_UP_CONNECTING(
      "dev.weft.client.Session",
      "connectToRelay",
      LabMutations.NothingIsDone.class,
      Promise.ALL_RECOVER),
  STAYS_WITH_POLLING(
      "dev.weft.client.Prospect",
      "tryLater",
      LabMutations.NothingIsDone.class,
      Promise.WAYS_ARE_FOUND),
  NEVER_POLLS(
      "dev.weft.client.WayChoice$Attempt",
      "isByWebSocket",
      LabMutations.ItIsSo.class,
      Promise.ALL_RECOVER),
  LEAKS_CONNECTIONS(
      "dev.weft.relay.RelayHub", "gone", LabMutations.NothingIsDone.class, Promise.NOTHING_IS_LEFT),
  KEEPS_DOCUMENTS(
      "dev.weft.relay.OpenDocument",
      "evict",
      LabMutations.NothingIsDone.class,
      Promise.NOTHING_IS_LEFT),
  SAVES_ON_FEWER_MACHINES(
      "dev.weft.client.Save", "copies", ClientMutations.OneIsEnough.class, Promise.SAVE_IS_WHOLE),
  FORGETS_WHAT_SAVES_JOIN(
      "dev.weft.client.Save",
      "standFor",
      LabMutations.NothingIsDone.class,
      Promise.SAVE_IS_WHOLE,
      Promise.SAVE_IS_ANSWERED),
  CALLS_OLD_NEWS_FRESH(
      "dev.weft.client.Heartbeat",
      "isKnownAt",
      ClientMutations.AnswersAreNews.class,
      Promise.FRESH_IS_FRESH),
  KEEPS_STALENESS_TO_ITSELF(
      "dev.weft.client.Heartbeat",
      "checkStaleness",
      LabMutations.NothingIsDone.class,
      Promise.LISTENERS_ARE_TOLD),
  LOSES_DEAD_LETTERS(
      "dev.weft.client.StoredText",
      "deadLetters",
      ClientMutations.NothingWasRefused.class,
      Promise.STORED_IS_KEPT),
  NEVER_OPENS_AGAIN(
      "dev.weft.client.Channel",
      "reattachAfter",
      LabMutations.NothingIsDone.class,
      Promise.ALL_RECOVER),
  LEAVES_GAPS(
      "dev.weft.client.Incoming",
      "askLater",
      LabMutations.NothingIsDone.class,
      Promise.ALL_RECOVER,
      Promise.FRESH_IS_FRESH),
  LEAVES_THE_STORE_ALONE_FOR_EVER(
      "dev.weft.relay.StoreHealth",
      "begin",
      RelayMutations.OnceOpenAlwaysOpen.class,
      Promise.ALL_RECOVER),
  KEEPS_TO_ITSELF_THAT_THE_STORE_IS_WELL(
      "dev.weft.relay.RelayHub", "tellAll", RelayMutations.BadNewsOnly.class, Promise.ALL_RECOVER),
  COMPACTS_A_ROW_AWAY(
      "dev.weft.store.RowCompaction",
      "step",
      StoreMutations.LastRowIsLost.class,
      Promise.STORED_IS_KEPT,
      Promise.STATUS_IS_TRUE,
      Promise.NOTHING_IS_THROWN);

  private final String type;
  private final String method;
  private final Class<?> advice;
  private final ImmutableSet<Promise> breaks;

  Mutant(String type, String method, Class<?> advice, Promise... breaks) {
    this.type = type;
    this.method = method;
    this.advice = advice;
    this.breaks = ImmutableSet.copyOf(breaks);
  }

  /** Whether what was seen is what the defect does. */
  boolean breaks(Promise promise) {
    return breaks.contains(promise);
  }

  /** Puts the defect in, until it is taken out. */
  Installed install() throws ClassNotFoundException {
    Class<?> target = Class.forName(type);
    boolean has = false;
    for (Method each : target.getDeclaredMethods()) {
      has |= each.getName().equals(method);
    }
    if (!has) {
      throw new AssertionError(type + " has no method " + method + ": the mutant is out of date");
    }
    ClassReloadingStrategy reloading = ClassReloadingStrategy.fromInstalledAgent();
    new ByteBuddy()
        .redefine(target)
        .visit(Advice.to(advice).on(named(method)))
        .make()
        .load(target.getClassLoader(), reloading);
    return () -> {
      try {
        reloading.reset(target);
      } catch (IOException e) {
        throw new AssertionError("the mutant cannot be taken out", e);
      }
    };
  }

  /** A defect that is in. */
  interface Installed {
    /** Puts the code back to what it was. */
    void takeOut();
  }
}
