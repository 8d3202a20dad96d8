package dev.weft.crdt;

import java.util.List;

/** Writes a single change as an update of its own. Not thread-safe. */
final class ChangeWriter implements ChangeSink {
  private final UpdateWriter update = new UpdateWriter(64);
  private long replica;
  private int start;
  private List<EventId> dependencies = List.of();

  @Override
  public void change(long newReplica, int sequence, int digest, EventList dependsOn, int at) {
    replica = newReplica;
    start = sequence;
    dependencies = dependsOn.toList();
    update.change(newReplica, sequence, digest, dependsOn, at);
  }

  @Override
  public void insert(EventName left, EventName right, char[] text, int from, int to, int at) {
    update.insert(left, right, text, from, to, at);
  }

  @Override
  public void delete(EventName target, int count, boolean backward, int at) {
    update.delete(target, count, backward, at);
  }

  @Override
  public void restore(EventName first, int count, int at) {
    update.restore(first, count, at);
  }

  @Override
  public void name(String name, int at) {
    update.name(name, at);
  }

  @Override
  public void endChange(int at) {
    update.endChange(at);
  }

  Change toChange() {
    return new Change(
        new ReplicaId(replica), start, update.sequence(), dependencies, update.toBytes());
  }
}
