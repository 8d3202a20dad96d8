package dev.weft.relay;

import java.lang.management.ManagementFactory;

/** What of the heap is in use. */
final class Heap {
  private Heap() {}

  /** Returns how many bytes are in use once all that is not has been let go. */
  static long used() {
    ManagementFactory.getMemoryMXBean().gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
