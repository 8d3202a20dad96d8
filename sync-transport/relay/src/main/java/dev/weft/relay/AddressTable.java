package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many connections each address has, and how fast new ones come from it. Thread-safe.
 *
 * <p>All that an address may have may come at once: after a drain they do. From then on a tenth of
 * that comes a second, so that what an address has can be exchanged within ten seconds, and no
 * faster. Who is too many is told so on a connection that is there for that alone; there are a few
 * of those, and beyond them connections are closed without a word.
 *
 * <p>An address is known while it has connections, of which there is a bound, and until it has made
 * up for the last ones; of those that have none {@link #MAX_ABSENT} are remembered at most, and
 * then the one that went first is forgiven.
 */
final class AddressTable {
  /** What a refusal is counted under; it is no code of the protocol, which is not spoken yet. */
  static final String CODE = "too-many-from-address";

  static final int MAX_ABSENT = 10_000;

  /** How many who are too many may hear so at the same time, beside a tenth of what may be. */
  private static final int TOLD = 8;

  /** In how many seconds all connections of an address may be made anew. */
  private static final int RENEWAL_SECONDS = 10;

  private static final int TOO_MANY_MILLIS = 5_000;

  private final int most;
  private final LongSupplier ticker;

  // Guarded by this.
  private final Map<AddressBlock, Entry> present = new HashMap<>();
  private final Map<AddressBlock, Entry> absent = new LinkedHashMap<>();

  /**
   * Creates a table of nobody.
   *
   * @param most how many connections an address may have
   */
  AddressTable(int most, LongSupplier ticker) {
    this.most = most;
    this.ticker = ticker;
  }

  private static final class Entry {
    final TokenBucket arrivals;
    int admitted;
    int told;

    Entry(TokenBucket arrivals) {
      this.arrivals = arrivals;
    }
  }

  /** One connection, as it is counted. Ends once, however often it is closed. Thread-safe. */
  final class Stay implements AutoCloseable {
    private final AddressBlock from;
    private final @Nullable Refusal refusal;
    private final boolean told;
    private final AtomicBoolean over = new AtomicBoolean();

    private Stay(AddressBlock from, @Nullable Refusal refusal, boolean told) {
      this.from = from;
      this.refusal = refusal;
      this.told = told;
    }

    /** Returns why the connection is not taken; null if it is. */
    @Nullable Refusal refusal() {
      return refusal;
    }

    /** Returns whether there are too many even of those who are only told that they are. */
    boolean isToBeCut() {
      return refusal != null && !told;
    }

    @Override
    public void close() {
      if (over.compareAndSet(false, true)) {
        leave(this);
      }
    }
  }

  /**
   * Counts a connection in, or one who is told that it is not taken.
   *
   * @param anew whether it is one that its address has made, which takes from what may come a
   *     second
   */
  synchronized Stay arrive(AddressBlock from, boolean anew) {
    long now = ticker.getAsLong();
    forgive(now);
    Entry entry = present.get(from);
    if (entry == null) {
      entry = absent.remove(from);
      if (entry == null) {
        long perSecond = Math.max(1, most / RENEWAL_SECONDS);
        entry = new Entry(new TokenBucket(perSecond, RENEWAL_SECONDS, now));
      }
      present.put(from, entry);
    }
    Refusal refusal = refusal(entry, anew, now);
    boolean told = refusal != null && entry.told < TOLD + most / 10;
    if (refusal == null) {
      entry.admitted++;
    } else if (told) {
      entry.told++;
    } else {
      settle(from, entry);
    }
    return new Stay(from, refusal, told);
  }

  private @Nullable Refusal refusal(Entry entry, boolean anew, long now) {
    if (entry.admitted >= most) {
      return refusal("This relay takes no more connections from one address.", TOO_MANY_MILLIS);
    }
    long wait = anew ? entry.arrivals.trySpend(1, now) : 0;
    return wait == 0
        ? null
        : refusal(
            "New connections come too fast from this address.",
            (int) TimeUnit.NANOSECONDS.toMillis(wait) + 1);
  }

  private static Refusal refusal(String sentence, int retryMillis) {
    return Refusal.forNow(CODE, sentence, retryMillis);
  }

  private synchronized void leave(Stay stay) {
    Entry entry = present.get(stay.from);
    if (entry == null || stay.isToBeCut()) {
      return;
    }
    if (stay.told) {
      entry.told--;
    } else {
      entry.admitted--;
    }
    settle(stay.from, entry);
  }

  /** Keeps an address among those that have connections only while it has one. */
  private void settle(AddressBlock from, Entry entry) {
    if (entry.admitted > 0 || entry.told > 0) {
      return;
    }
    present.remove(from);
    if (!entry.arrivals.isFull(ticker.getAsLong())) {
      absent.put(from, entry);
      if (absent.size() > MAX_ABSENT) {
        Iterator<AddressBlock> first = absent.keySet().iterator();
        first.next();
        first.remove();
      }
    }
  }

  /** Forgets who went long enough ago; two for each that comes, so that they become fewer. */
  private void forgive(long now) {
    Iterator<Entry> first = absent.values().iterator();
    for (int i = 0; i < 2 && first.hasNext() && first.next().arrivals.isFull(now); i++) {
      first.remove();
    }
  }

  /** Returns how many addresses are known. */
  synchronized int known() {
    return present.size() + absent.size();
  }

  /**
   * Returns how many connections there are, those included that are only told that they may not.
   */
  synchronized int connections() {
    return present.values().stream().mapToInt(each -> each.admitted + each.told).sum();
  }
}
