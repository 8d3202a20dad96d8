package dev.weft.relay;

import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, for how long that holds, and what it may do. Immutable.
 *
 * @param name the principal, for the log; it may hold anything, and is escaped where it is shown
 * @param validFor for how long the identity holds from now on, unless it is renewed; null: without
 *     end
 * @param access tells what the client may do with a document. Asked on any thread, each time that a
 *     document is opened and for the open ones after each Renew; it returns at once and does not
 *     depend on time. An exception, or null, counts as {@link DocumentAccess#NONE}.
 */
public record Identity(
    String name, @Nullable Duration validFor, Function<DocumentId, DocumentAccess> access)
    implements Authenticator.Answer {

  /** Creates an identity; whoever bears a token that is over is to be refused instead. */
  public Identity {
    if (validFor != null && (validFor.isNegative() || validFor.isZero())) {
      throw new IllegalArgumentException("validFor must be positive, validFor=" + validFor);
    }
  }

  /** Returns an identity without end that may write every document. */
  public static Identity ofWriter(String name) {
    return new Identity(name, null, document -> DocumentAccess.WRITE);
  }
}
