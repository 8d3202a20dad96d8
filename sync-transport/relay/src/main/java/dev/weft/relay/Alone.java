package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.store.DocumentId;
import java.util.List;

/** The fan-out of a relay that shares its store with no other: there is nobody to tell. */
enum Alone implements FanOut {
  INSTANCE;

  private static final Subscription NOTHING_TO_MISS =
      new Subscription() {
        @Override
        public void missed() {}

        @Override
        public void close() {}
      };

  @Override
  public void publish(DocumentId document, List<Change> changes) {}

  @Override
  public Subscription subscribe(DocumentId document, Listener listener) {
    return NOTHING_TO_MISS;
  }

  @Override
  public void close() {}
}
