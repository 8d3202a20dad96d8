package dev.weft.crdt;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/**
 * Generates {@link History}s: who typed what where, and what was sent and arrived when. Everything
 * is a list of small actions, so that jqwik can shrink a failure by leaving actions out.
 */
final class Histories extends DomainContextBase {
  /** At both ends of the unsigned order and of the signed one, which must not be taken for it. */
  private static final List<ReplicaId> IDS =
      List.of(
          new ReplicaId(0),
          new ReplicaId(Long.MAX_VALUE),
          new ReplicaId(Long.MIN_VALUE),
          new ReplicaId(-1),
          new ReplicaId(0x0123_4567_89ab_cdefL));

  private static final int MAX_REPLICAS = 4;
  private static final int MAX_ACTIONS = 60;

  /** Any place in a text: it is taken modulo the text's length. */
  private static final int MAX_PLACE = 500;

  /** Half of the edits fall at or before this place, so that replicas often meet. */
  private static final int CROWDED_PLACE = 3;

  @Provide
  Arbitrary<History> histories() {
    return histories(MAX_ACTIONS);
  }

  /** Returns histories of two replicas or more and up to {@code maxActions} actions. */
  static Arbitrary<History> histories(int maxActions) {
    Arbitrary<List<ReplicaId>> ids =
        Combinators.combine(
                Arbitraries.shuffle(IDS), Arbitraries.integers().between(2, MAX_REPLICAS))
            .as((all, count) -> List.copyOf(all.subList(0, count)));
    Arbitrary<Integer> nodeCapacities = Arbitraries.integers().between(4, 9);
    Arbitrary<List<Action>> actions = actions().list().ofMaxSize(maxActions);
    return Combinators.combine(ids, nodeCapacities, actions)
        .as(History::new)
        .withoutEdgeCases(); // each is found often enough at random; together they would be all
  }

  /** Returns short texts mostly; some have line feeds and surrogate pairs, few are long. */
  static Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
        Tuple.of(12, Arbitraries.strings().withChars("abc\n").ofMinLength(1).ofMaxLength(4)),
        Tuple.of(
            2,
            Arbitraries.of(
                "\uD83D\uDE00", "a\uD83D\uDE00b", "\uD83D\uDE00\uD83D\uDE01", "\u00e9\u4e2d")),
        Tuple.of(1, Arbitraries.strings().alpha().ofMinLength(20).ofMaxLength(70)));
  }

  private static Arbitrary<Action> actions() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, typing()),
        Tuple.of(6, editing()),
        Tuple.of(1, transactions()),
        Tuple.of(2, restores()),
        Tuple.of(5, replicas().map(Action.Send::new)),
        Tuple.of(2, Combinators.combine(replicas(), replicas()).as(Action.Forward::new)),
        Tuple.of(10, deliveries()),
        Tuple.of(1, Combinators.combine(replicas(), places()).as(Action.Lose::new)),
        Tuple.of(
            1,
            Combinators.combine(replicas(), Arbitraries.of(true, false)).as(Action.Restart::new)));
  }

  private static Arbitrary<Action> typing() {
    return Combinators.combine(replicas(), places(), texts(), Arbitraries.of(false, true))
        .as(Action.Type::new);
  }

  private static Arbitrary<Action> editing() {
    return Combinators.combine(replicas(), edits()).as(Action.Edit::new);
  }

  private static Arbitrary<Action> restores() {
    return Combinators.combine(replicas(), places(), Arbitraries.integers().between(1, 8))
        .as(Action.Restore::new);
  }

  private static Arbitrary<Action> transactions() {
    return Combinators.combine(replicas(), edits().list().ofMaxSize(4)).as(Action.Transact::new);
  }

  private static Arbitrary<Action> deliveries() {
    return Combinators.combine(replicas(), places(), Arbitraries.of(false, true))
        .as(Action.Deliver::new);
  }

  private static Arbitrary<Replacement> edits() {
    Arbitrary<Integer> lengths =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0)),
            Tuple.of(4, Arbitraries.integers().between(1, 4)),
            Tuple.of(1, Arbitraries.integers().between(5, 60)));
    Arbitrary<String> texts =
        Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just("")), Tuple.of(2, texts()));
    return Combinators.combine(places(), lengths, texts).as(Replacement::new);
  }

  private static Arbitrary<Integer> replicas() {
    return Arbitraries.integers().between(0, MAX_REPLICAS - 1);
  }

  private static Arbitrary<Integer> places() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.integers().between(0, CROWDED_PLACE)),
        Tuple.of(1, Arbitraries.integers().between(0, MAX_PLACE)));
  }

  /** A replacement of up to {@code length} units somewhere; the session makes it fit its text. */
  record Replacement(int at, int length, String text) {}

  /** One step of a history. Replicas and messages are numbers that the session takes modulo. */
  sealed interface Action {
    /** One replica types, code point by code point, each behind or before the one typed last. */
    record Type(int replica, int at, String text, boolean backward) implements Action {}

    /** One replica inserts, deletes or replaces. */
    record Edit(int replica, Replacement edit) implements Action {}

    /** One replica takes back up to {@code count} deletes in a row, whosever they are. */
    record Restore(int replica, int any, int count) implements Action {}

    /** One replica edits several times in one transaction. */
    record Transact(int replica, List<Replacement> edits) implements Action {}

    /** One replica sends to all others what it did since it last sent. */
    record Send(int from) implements Action {}

    /** One replica sends to another all that this one lacks, whoever did it. */
    record Forward(int from, int to) implements Action {}

    /** One of the messages under way to a replica arrives; it may stay, to arrive once more. */
    record Deliver(int to, int message, boolean stays) implements Action {}

    /** One of the messages under way to a replica is lost. */
    record Lose(int to, int message) implements Action {}

    /** A replica starts over from its snapshot, loaded or applied. */
    record Restart(int replica, boolean apply) implements Action {}
  }

  /** What happened between some replicas, in one order. */
  record History(List<ReplicaId> replicas, int nodeCapacity, List<Action> actions) {

    /** Runs the actions, with everything compared after each. */
    Session run() throws MalformedUpdateException {
      Session session = new Session(replicas, nodeCapacity);
      for (Action action : actions) {
        session.perform(action);
      }
      return session;
    }

    /** Runs the actions and then exchanges everything, so that all replicas are equal. */
    Session runAndSettle() throws MalformedUpdateException {
      Session session = run();
      session.settle();
      return session;
    }
  }
}
