package dev.weft.bench.latency;

import java.util.List;

/** Those who write into one document. Confined to one thread. */
interface Writers {
  /** Returns how many write. */
  int writerCount();

  /**
   * Is told what is to come.
   *
   * @param keystrokes how many each writer makes
   * @param countFromNanos what is due before that is not counted, in the clock of {@link
   *     System#nanoTime}
   */
  void expect(List<Integer> keystrokes, long countFromNanos);

  /** Has a writer press its key. */
  void type(int writer, int number, long dueNanos);

  /** Has a writer save. */
  void save(int writer, int number, long dueNanos);
}
