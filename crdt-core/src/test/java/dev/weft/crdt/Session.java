package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.CheckedReplica.Update;
import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.Replacement;
import java.util.ArrayList;
import java.util.List;

/**
 * Some replicas and the messages under way between them; performs the {@link Action}s of a history.
 * Not thread-safe.
 */
final class Session {
  private final List<CheckedReplica> replicas = new ArrayList<>();
  private final List<List<Update>> inboxes = new ArrayList<>();
  private final long[] sent;

  Session(List<ReplicaId> ids, int nodeCapacity) {
    for (ReplicaId id : ids) {
      replicas.add(new CheckedReplica(id, nodeCapacity));
      inboxes.add(new ArrayList<>());
    }
    sent = new long[ids.size()];
  }

  List<CheckedReplica> replicas() {
    return replicas;
  }

  CheckedReplica replica(int number) {
    return replicas.get(number % replicas.size());
  }

  void perform(Action action) throws MalformedUpdateException {
    if (action instanceof Action.Type type) {
      type(replica(type.replica()), type);
    } else if (action instanceof Action.Edit edit) {
      edit(replica(edit.replica()), edit.edit());
    } else if (action instanceof Action.Restore restore) {
      replica(restore.replica()).restore(restore.any(), restore.count());
    } else if (action instanceof Action.Transact transact) {
      CheckedReplica replica = replica(transact.replica());
      replica.transact(() -> transact.edits().forEach(edit -> edit(replica, edit)));
    } else if (action instanceof Action.Send send) {
      int from = send.from() % replicas.size();
      Update update = takeUnsent(from);
      for (int to = 0; to < replicas.size(); to++) {
        if (to != from) {
          inboxes.get(to).add(update);
        }
      }
    } else if (action instanceof Action.Forward forward) {
      Update update = replica(forward.from()).changesSince(replica(forward.to()).version());
      inboxes.get(forward.to() % replicas.size()).add(update);
    } else if (action instanceof Action.Deliver deliver) {
      List<Update> inbox = inboxes.get(deliver.to() % replicas.size());
      if (!inbox.isEmpty()) {
        int message = deliver.message() % inbox.size();
        replica(deliver.to()).receive(inbox.get(message));
        if (!deliver.stays()) {
          inbox.remove(message);
        }
      }
    } else if (action instanceof Action.Lose lose) {
      List<Update> inbox = inboxes.get(lose.to() % replicas.size());
      if (!inbox.isEmpty()) {
        inbox.remove(lose.message() % inbox.size());
      }
    } else if (action instanceof Action.Restart restart) {
      replica(restart.replica()).restart(restart.apply());
    }
  }

  /** Returns what a replica did since it was last asked. */
  Update takeUnsent(int number) {
    CheckedReplica replica = replicas.get(number);
    Update update = replica.ownChangesSince(sent[number]);
    sent[number] = replica.document().nextSequence();
    return update;
  }

  /** Delivers all that is under way, exchanges what was lost, and checks that all are equal. */
  void settle() throws MalformedUpdateException {
    for (int to = 0; to < replicas.size(); to++) {
      for (Update update : inboxes.get(to)) {
        replicas.get(to).receive(update);
      }
      inboxes.get(to).clear();
    }
    CheckedReplica hub = replicas.get(0);
    for (CheckedReplica replica : replicas) {
      hub.receive(replica.changesSince(hub.version()));
    }
    for (CheckedReplica replica : replicas) {
      ApplyResult result = replica.receive(hub.changesSince(replica.version()));
      assertThat(result.isComplete()).as("nothing waits: %s", result).isTrue();
    }
    requireEqual();
  }

  void requireEqual() {
    CheckedReplica first = replicas.get(0);
    for (CheckedReplica replica : replicas) {
      assertThat(replica.version()).isEqualTo(first.version());
      assertThat(replica.text()).isEqualTo(first.text());
    }
  }

  /** Makes a replacement fit the replica's text, surrogate pairs whole, and performs it. */
  static void edit(CheckedReplica replica, Replacement edit) {
    String text = replica.text();
    int start = boundary(text, edit.at() % (text.length() + 1));
    int end = boundary(text, Math.min(text.length(), start + edit.length()));
    replica.edit(start, Math.max(start, end), edit.text());
  }

  private static void type(CheckedReplica replica, Action.Type type) {
    String text = replica.text();
    int index = boundary(text, type.at() % (text.length() + 1));
    String typed = type.text();
    for (int at = 0; at < typed.length(); at = typed.offsetByCodePoints(at, 1)) {
      String key = Character.toString(typed.codePointAt(at));
      replica.edit(index, index, key);
      index += type.backward() ? 0 : key.length();
    }
  }

  /** Returns the nearest index at or before {@code index} that splits no surrogate pair. */
  static int boundary(String text, int index) {
    boolean splits =
        index > 0
            && index < text.length()
            && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
    return splits ? index - 1 : index;
  }
}
