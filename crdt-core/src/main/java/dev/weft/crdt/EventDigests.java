package dev.weft.crdt;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@link EventDigest} of any of a document's replicas up to any of its events, found from the
 * log when it is asked for and remembered here and there: who asks for nobody's pays nothing. Not
 * thread-safe.
 */
final class EventDigests {
  // So much is gone through again at most: operations, and text of one of them. Behind more events
  // that nothing is known of, nothing is remembered: what is among them could not be any more.
  private static final int OPERATIONS_APART = 64;
  private static final int TEXT_APART = 4096;
  private static final int PIECES_AT_ONCE = 8;

  // What is told anyway is remembered more often.
  private static final int EVENTS_APART = 32;
  private static final int MOST_APART = 256;

  // What more dependencies than these add to a digest is remembered.
  private static final int FEW_DEPENDENCIES = 16;

  private static final int[] START = {0};
  private static final int[] NOTHING = {};

  // How many of the last ones are at hand, a power of two.
  private static final int RECENT = 16;

  /** What is known of one replica's digests. */
  private static final class Chain {
    // Where something is remembered, ascending, and the digests of the events before.
    private int[] sequences;
    private int[] digests;
    private int size = 1;
    // Those told or found last, in a ring: what others depend on are mostly ends of late changes.
    private int[] recentSequences = NOTHING;
    private int[] recentDigests = NOTHING;
    private int recent;
    // The last of all that is known: the next is mostly behind it.
    private int lastSequence;
    private int lastDigest;

    /** Creates what is known where the history begins. */
    private Chain(int sequence, int digest) {
      // Most replicas are never asked for again: nothing is theirs alone.
      sequences = sequence == 0 ? START : new int[] {sequence};
      digests = sequence == 0 ? START : new int[] {digest};
      lastSequence = sequence;
      lastDigest = digest;
    }

    private void know(int sequence, int digest) {
      int apart = sequence - sequences[size - 1];
      if (apart >= EVENTS_APART && apart <= MOST_APART) {
        remember(sequence, digest);
      }
      if (sequence <= lastSequence) {
        putRecent(sequence, digest);
      } else {
        if (lastSequence > sequences[0]) {
          putRecent(lastSequence, lastDigest);
        }
        lastSequence = sequence;
        lastDigest = digest;
      }
    }

    private void putRecent(int sequence, int digest) {
      if (recentSequences == NOTHING) {
        recentSequences = new int[RECENT];
        recentDigests = new int[RECENT];
      }
      recent = (recent + 1) & (RECENT - 1);
      recentSequences[recent] = sequence;
      recentDigests[recent] = digest;
    }

    /** Returns where in the ring a sequence number stands, -1 if it does not. */
    private int findRecent(int sequence) {
      for (int i = 0; i < recentSequences.length; i++) {
        if (recentSequences[i] == sequence) {
          return i;
        }
      }
      return -1;
    }

    private void forgetBeyond(int next) {
      while (sequences[size - 1] > next) {
        size--;
      }
      for (int i = 0; i < recentSequences.length; i++) {
        // Events that come again may be others.
        recentSequences[i] = recentSequences[i] > next ? 0 : recentSequences[i];
      }
      if (lastSequence > next) {
        lastSequence = sequences[size - 1];
        lastDigest = digests[size - 1];
      }
    }

    private void remember(int sequence, int digest) {
      if (size == sequences.length) {
        sequences = Arrays.copyOf(sequences, 2 * size);
        digests = Arrays.copyOf(digests, 2 * size);
      }
      sequences[size] = sequence;
      digests[size] = digest;
      size++;
    }

    private int floor(int sequence) {
      int at = Arrays.binarySearch(sequences, 0, size, sequence);
      return at >= 0 ? at : -at - 2;
    }
  }

  private final CausalHistory history;
  private final OperationLog log;
  private final LoggedOperations operations;
  private final EventDigest digest = new EventDigest();
  private @Nullable Chain[] chains = new Chain[0];
  // Up to this run, the digests of what the runs depend on are set.
  private int runsKnown;
  private final TreeMap<Integer, Integer> sumsOfMany = new TreeMap<>();

  EventDigests(CausalHistory history, OperationLog log, LoggedOperations operations) {
    this.history = history;
    this.log = log;
    this.operations = operations;
  }

  /**
   * Returns the digest of a replica's first {@code sequence} events, which must be here, and no
   * fewer than the history begins with. O(1) behind what was asked for last; else bounded, but for
   * the first time.
   */
  int of(int replica, int sequence) {
    if (sequence == 0) {
      return EventDigest.NONE;
    }
    Chain chain = chain(replica);
    if (chain.lastSequence == sequence) {
      return chain.lastDigest;
    }
    int at = chain.findRecent(sequence);
    return at >= 0 ? chain.recentDigests[at] : find(replica, sequence, chain);
  }

  /** Returns the digest of all events of a version, which must be here, and never 0. */
  long ofVersion(VersionVector version) {
    long sum = 0;
    for (ReplicaId id : version.replicas()) {
      int next = (int) version.next(id);
      sum += EventDigest.ofReplica(id.bits(), next, of(history.findReplica(id.bits()), next));
    }
    return sum == 0 ? 1 : sum;
  }

  /** Says the digest of a replica's first events, which must be here. */
  void set(int replica, int sequence, int value) {
    chain(replica).know(sequence, value);
  }

  /**
   * Returns the digest of a replica's events up to one that a run depends on; {@code index} is the
   * dependency's in the history. O(1) but for the first time.
   */
  int ofDependency(int run, int index) {
    findDependencies(run);
    return history.dependencyDigest(index);
  }

  /**
   * Finds the digests of what the runs up to one depend on, in their order: each by earlier ones.
   */
  private void findDependencies(int run) {
    while (runsKnown <= run) {
      for (int i = history.dependenciesStart(runsKnown);
          i < history.dependenciesEnd(runsKnown);
          i++) {
        if (history.dependencyDigest(i) == CausalHistory.UNKNOWN_DIGEST) {
          int on = history.runAt(history.dependency(i));
          int sequence = history.sequenceOf(history.dependency(i), on);
          history.setDependencyDigest(i, of(history.runReplica(on), sequence + 1));
        }
      }
      runsKnown++;
    }
  }

  /** Returns what is added to a digest for all that a run depends on. */
  private int dependencySum(int run) {
    int start = history.dependenciesStart(run);
    int end = history.dependenciesEnd(run);
    if (start == end) {
      return 0;
    }
    Integer known = end - start > FEW_DEPENDENCIES ? sumsOfMany.get(run) : null;
    if (known != null) {
      return known;
    }
    int sum = 0;
    for (int i = start; i < end; i++) {
      int on = history.runAt(history.dependency(i));
      int sequence = history.sequenceOf(history.dependency(i), on);
      long replica = history.replicaId(history.runReplica(on));
      sum += EventDigest.dependency(replica, sequence, ofDependency(run, i));
    }
    if (end - start > FEW_DEPENDENCIES) {
      sumsOfMany.put(run, sum);
    }
    return sum;
  }

  /** Forgets what is not here any more. */
  void rollBack() {
    runsKnown = Math.min(runsKnown, history.runCount());
    sumsOfMany.tailMap(history.runCount()).clear();
    for (int replica = 0; replica < chains.length; replica++) {
      Chain chain = chains[replica];
      if (chain == null) {
        continue;
      }
      chain.forgetBeyond(replica < history.replicaCount() ? history.next(replica) : 0);
    }
  }

  private Chain chain(int replica) {
    if (replica >= chains.length) {
      chains = Arrays.copyOf(chains, Math.max(replica + 1, 2 * chains.length));
    }
    Chain chain = chains[replica];
    if (chain == null) {
      chain = chains[replica] = new Chain(history.baseNext(replica), history.baseDigest(replica));
    }
    return chain;
  }

  private int find(int replica, int sequence, Chain chain) {
    int nearest = chain.floor(sequence);
    boolean isBehindLast =
        chain.lastSequence < sequence && chain.lastSequence > chain.sequences[nearest];
    int from = isBehindLast ? chain.lastSequence : chain.sequences[nearest];
    int before = isBehindLast ? chain.lastDigest : chain.digests[nearest];
    // First, as that finds others by the same means.
    findDependencies(history.runOf(replica, sequence - 1));
    digest.begin(history.replicaId(replica), from, before);
    // Behind the last place where something is remembered, more can be.
    boolean remembers = nearest == chain.size - 1 && from - chain.sequences[nearest] <= MOST_APART;
    int told = 0;
    while (digest.sequence() < sequence) {
      told += tellOne(replica, sequence);
      if (remembers && (told >= OPERATIONS_APART || isFarFrom(chain))) {
        chain.remember(digest.sequence(), digest.value());
        told = 0;
      }
    }
    chain.know(sequence, digest.value());
    return digest.value();
  }

  private boolean isFarFrom(Chain chain) {
    return digest.sequence() - chain.sequences[chain.size - 1] >= TEXT_APART;
  }

  /**
   * Tells the digest the next operation, or a part of it.
   *
   * @return how many operations that was about as much work as
   */
  private int tellOne(int replica, int end) {
    int sequence = digest.sequence();
    int event = history.event(replica, sequence);
    int run = history.runAt(event);
    int operation = log.operationOfEvent(event);
    int most = log.isInsert(operation) ? Math.min(TEXT_APART, end - sequence) : end - sequence;
    int stop = event + Math.min(most, history.runEnd(run) - event);
    if (event == history.runStart(run)) {
      digest.dependOn(dependencySum(run));
    }
    try {
      int unused = operations.tellOne(operation, event, stop, PIECES_AT_ONCE, digest);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a digest takes what the log holds", e);
    }
    if (log.isName(operation)) {
      return OPERATIONS_APART / 4;
    }
    return 1;
  }
}
