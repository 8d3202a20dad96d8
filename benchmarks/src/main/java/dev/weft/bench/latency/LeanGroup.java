package dev.weft.bench.latency;

import java.util.List;

/** Lean clients that have one document open; the first of them write. Nothing of it is timed. */
final class LeanGroup implements Writers {
  private final List<LeanClient> clients;
  private final int writerCount;

  LeanGroup(List<LeanClient> clients, int writerCount) {
    this.clients = List.copyOf(clients);
    this.writerCount = writerCount;
  }

  @Override
  public int writerCount() {
    return writerCount;
  }

  @Override
  public void expect(List<Integer> keystrokes, long countFromNanos) {}

  @Override
  public void type(int writer, int number, long dueNanos) {
    clients.get(writer).type((char) (Group.FIRST_LETTER + writer));
  }

  @Override
  public void save(int writer, int number, long dueNanos) {
    clients.get(writer).save(number);
  }
}
