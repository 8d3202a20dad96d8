package dev.weft.bench.load;

import java.io.IOException;

/** A run could not be made, or came to an early end: the message is a sentence for a person. */
final class LoadFailure extends IOException {
  private static final long serialVersionUID = 1L;

  LoadFailure(String sentence) {
    super(sentence);
  }
}
