package dev.weft.crdt;

import org.jspecify.annotations.Nullable;

/** Names of events, for tests that write changes by hand. */
final class Names {
  private Names() {}

  static EventName none() {
    return new EventName();
  }

  static EventName name(long replica, int sequence) {
    EventName name = new EventName();
    name.set(replica, sequence);
    return name;
  }

  /** Returns the name of an event, that of none for null. */
  static EventName name(@Nullable EventId event) {
    return event == null ? none() : name(event.replica().bits(), (int) event.sequence());
  }
}
