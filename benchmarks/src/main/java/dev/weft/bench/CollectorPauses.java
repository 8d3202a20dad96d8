package dev.weft.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Listens to the garbage collectors from its creation until it is closed. A collector tells whole
 * milliseconds, so a pause of less counts as 0. Thread-safe.
 */
public final class CollectorPauses implements AutoCloseable {
  private final NotificationListener listener =
      (notification, handback) -> {
        if (notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
          add(
              GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
                  .getGcInfo()
                  .getDuration());
        }
      };
  private final List<NotificationEmitter> collectors = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<GarbageCollectorMXBean> beans = ManagementFactory.getGarbageCollectorMXBeans();
  private final long countBefore = count();
  private final long millisBefore = millis();
  private long longestMillis;

  /** Begins to count. */
  public CollectorPauses() {
    for (GarbageCollectorMXBean collector : beans) {
      names.add(collector.getName());
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(listener, null, null);
        collectors.add(emitter);
      }
    }
  }

  private synchronized void add(long millis) {
    longestMillis = Math.max(longestMillis, millis);
  }

  private long count() {
    return beans.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
  }

  private long millis() {
    return beans.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
  }

  /** Returns one line about the pauses so far. */
  public synchronized String describe() {
    return String.format(
        Locale.ROOT,
        "%d collections (%s), %d ms in all, the longest %d ms",
        count() - countBefore,
        String.join(", ", names),
        millis() - millisBefore,
        longestMillis);
  }

  @Override
  public void close() {
    for (NotificationEmitter collector : collectors) {
      try {
        collector.removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new AssertionError("the listener was added", e);
      }
    }
  }
}
