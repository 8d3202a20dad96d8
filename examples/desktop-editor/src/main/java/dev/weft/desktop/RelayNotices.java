package dev.weft.desktop;

import dev.weft.client.SyncStatus;
import org.jspecify.annotations.Nullable;

/**
 * Tells, above a document, what a person has to see to about its relay: that it refuses this
 * editor, or was not reached even once, and why. The status bar has no room for the reason, and
 * looks the same when it is another one. Confined to the event dispatch thread.
 */
final class RelayNotices {
  private final Workspace workspace;
  private final NoticeStrip notice;
  private boolean retrying;

  /** Why the relay refuses this editor, as it was told; null while it does not. */
  private @Nullable String refusalTold;

  /** Why it was not reached, as it was told first; null until then, and once it is reached. */
  private @Nullable String unreachedTold;

  RelayNotices(Workspace workspace, NoticeStrip notice) {
    this.workspace = workspace;
    this.notice = notice;
  }

  /** Returns whether the relay was tried before, since it was last connected to. */
  boolean isRetrying() {
    return retrying;
  }

  /** Tells what there is to tell of a status. */
  void show(SyncStatus status) {
    switch (status.connection()) {
      case REFUSED -> {
        reached();
        String why = StatusWords.whyRefused(status);
        if (!why.equals(refusalTold)) {
          refusalTold = why;
          notice.show(StatusSign.REFUSED, why);
        }
      }
      case OFFLINE -> {
        forgetRefusal();
        if (workspace.relayUse() != RelayUse.WANTED) {
          retrying = false;
          forgetUnreached();
        } else if (status.nextAttempt() != null) {
          retrying = true;
          tellUnreached(status);
        }
      }
      case CONNECTING -> forgetRefusal();
      case CATCHING_UP, LIVE, DRAINING -> {
        forgetRefusal();
        reached();
      }
    }
  }

  private void reached() {
    retrying = false;
    workspace.reachedRelay();
    forgetUnreached();
  }

  /** Once: who is away from all networks knows, and who has mistaken the address looks here. */
  private void tellUnreached(SyncStatus status) {
    if (unreachedTold == null && !workspace.hasReachedRelay()) {
      unreachedTold = StatusWords.whyUnreached(status, workspace.relay());
      notice.show(StatusSign.WARNING, unreachedTold);
    }
  }

  private void forgetUnreached() {
    String told = unreachedTold;
    if (told != null) {
      unreachedTold = null;
      notice.clear(told);
    }
  }

  /**
   * Has it told anew if the relay refuses this editor again, in the same words perhaps: the next
   * refusal can come before anything else is seen of another attempt.
   */
  void forgetRefusal() {
    String told = refusalTold;
    if (told != null) {
      refusalTold = null;
      notice.clear(told);
    }
  }
}
