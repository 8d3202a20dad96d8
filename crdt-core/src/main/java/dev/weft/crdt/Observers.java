package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Those who are told of a document's changes, in the order in which they came. Not thread-safe. */
final class Observers {
  private static final Registration[] NONE = {};

  private final class Registration implements Subscription {
    final TextObserver observer;
    boolean closed;

    Registration(TextObserver observer) {
      this.observer = observer;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        registrations =
            Arrays.stream(registrations).filter(each -> each != this).toArray(Registration[]::new);
      }
    }
  }

  // Replaced, never changed: who comes or goes while all are told does not disturb that.
  private Registration[] registrations = NONE;

  boolean isEmpty() {
    return registrations.length == 0;
  }

  Subscription add(TextObserver observer) {
    Registration added = new Registration(observer);
    registrations = Arrays.copyOf(registrations, registrations.length + 1);
    registrations[registrations.length - 1] = added;
    return added;
  }

  /** Tells all of a change; what the first of them throws is thrown in the end. */
  void tell(TextChange change) {
    @Nullable RuntimeException thrown = null;
    for (Registration each : registrations) {
      // One observer may have closed another's.
      if (!each.closed) {
        try {
          each.observer.changed(change);
        } catch (RuntimeException e) {
          if (thrown == null) {
            thrown = e;
          } else if (thrown != e) {
            thrown.addSuppressed(e);
          }
        }
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }
}
