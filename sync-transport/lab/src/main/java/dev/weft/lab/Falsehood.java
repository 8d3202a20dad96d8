package dev.weft.lab;

/** A promise was broken. */
final class Falsehood extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Promise promise;

  /** Creates it with a sentence that says how. */
  Falsehood(Promise promise, String message) {
    super(promise + ": " + message);
    this.promise = promise;
  }

  Falsehood(Promise promise, String message, Throwable cause) {
    super(promise + ": " + message, cause);
    this.promise = promise;
  }

  Promise promise() {
    return promise;
  }
}
