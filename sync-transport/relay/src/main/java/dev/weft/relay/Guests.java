package dev.weft.relay;

import dev.weft.protocol.Refusal;

/**
 * Those who only read one document: they are given its text, and stay where they follow what
 * becomes of it. Its methods may be called from any thread, but for those that say otherwise.
 */
final class Guests {
  private final OpenDocument document;
  private final Renderings renderings;
  private final Followers followers;

  Guests(OpenDocument document, Renderings renderings) {
    this.document = document;
    this.renderings = renderings;
    this.followers = new Followers(renderings);
  }

  /** Who has entered to read the text. Called on the document's worker. */
  interface Guest {
    /**
     * Reads; returns whether the guest stays, until {@link #unfollow}.
     *
     * @throws RefusedException if the guest cannot be given the text, and has not been told
     */
    boolean read(RelayedText text, Renderings renderings, Followers followers)
        throws RefusedException;

    /** The document cannot be had. */
    void refused(Refusal refusal);
  }

  /** Has somebody who has entered read the text. */
  void receive(Guest guest) {
    document.post(
        () -> {
          DocumentBody open = document.body();
          boolean stays = false;
          try {
            if (open == null) {
              Refusal failure = document.failure();
              guest.refused(failure == null ? Refusals.internal() : failure);
            } else {
              stays = guest.read(open.text(), renderings, followers);
            }
          } catch (RefusedException e) {
            guest.refused(e.refusal());
          } finally {
            if (!stays) {
              document.letGo();
            }
          }
        });
  }

  /** A stream lacks edits and has room for a fresh text. */
  void renew(EventStream stream) {
    document.post(
        () -> {
          DocumentBody open = document.body();
          if (open != null) {
            followers.renew(stream, open.text());
          }
        });
  }

  /** A stream has ended. */
  void unfollow(EventStream stream) {
    document.post(
        () -> {
          if (followers.leave(stream)) {
            document.letGo();
          }
        });
  }

  /** Those who follow hear what has changed since the last time. For the document's worker. */
  void tell(RelayedText text) {
    followers.tell(text);
  }

  /** The document is given up: nobody follows it any more. For the document's worker. */
  void end() {
    followers.end();
  }
}
