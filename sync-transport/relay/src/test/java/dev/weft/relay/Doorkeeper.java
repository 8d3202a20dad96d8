package dev.weft.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An authenticator that answers when the test says what. One thread uses it. */
final class Doorkeeper implements Authenticator {
  private final Deque<Question> open = new ArrayDeque<>();

  private record Question(String token, CompletableFuture<Answer> answer) {}

  @Override
  public CompletionStage<Answer> authenticate(String token, String peer) {
    Question question = new Question(token, new CompletableFuture<>());
    open.add(question);
    return question.answer;
  }

  /** Returns how many questions have no answer. */
  int questions() {
    return open.size();
  }

  /** Answers the oldest question. */
  void answer(String token, Answer answer) {
    next(token).complete(answer);
  }

  /** Answers the oldest question, whosever it is. */
  void answerNext(Answer answer) {
    open.remove().answer.complete(answer);
  }

  /** Forgets the oldest question. */
  void drop() {
    open.remove();
  }

  /** Fails to answer the oldest question. */
  void fail(String token) {
    next(token).completeExceptionally(new IllegalStateException("thrown by a test"));
  }

  private CompletableFuture<Answer> next(String token) {
    Question question = open.remove();
    if (!question.token.equals(token)) {
      throw new AssertionError("asked about " + question.token + ", not about " + token);
    }
    return question.answer;
  }
}
