package dev.weft.desktop.find;

import org.jspecify.annotations.Nullable;

/** A search that found nothing out; the message tells a person why. */
final class SearchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SearchException(String words, @Nullable Throwable cause) {
    super(words, cause);
  }
}
