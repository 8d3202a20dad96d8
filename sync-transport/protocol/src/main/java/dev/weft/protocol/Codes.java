package dev.weft.protocol;

/**
 * The codes of {@link Refusal}. The set is open: a client shows the reason of a code that it does
 * not know and goes by {@link Refusal#retryable}.
 */
public final class Codes {
  /** A frame, or the changes in it, are not what the formats say. */
  public static final String MALFORMED = "malformed";

  /** A message that is not allowed at this point, such as one before Hello. */
  public static final String WRONG_STATE = "wrong-state";

  /** One side requires a capability that the other does not name. */
  public static final String UNSUPPORTED_CAPABILITY = "unsupported-capability";

  /** The connection said no Hello in time. */
  public static final String HELLO_TIMEOUT = "hello-timeout";

  /** Nothing was heard of the connection for too long. */
  public static final String IDLE_TIMEOUT = "idle-timeout";

  /** The token is missing, wrong, or does not allow this. */
  public static final String UNAUTHORISED = "unauthorised";

  /** The token is not good any more. */
  public static final String TOKEN_EXPIRED = "token-expired";

  /** The document may be read but not edited. */
  public static final String READ_ONLY = "read-only";

  /** The document's id is not well formed. */
  public static final String BAD_DOCUMENT_ID = "bad-document-id";

  /** The relay does not create the document and has none of that id. */
  public static final String UNKNOWN_DOCUMENT = "unknown-document";

  /** Beyond one of the limits of Welcome, or of the document format. */
  public static final String TOO_LARGE = "too-large";

  /** More channels than Welcome allows. */
  public static final String TOO_MANY_CHANNELS = "too-many-channels";

  /** More waiting saves on a channel than Welcome allows. */
  public static final String TOO_MANY_SAVES = "too-many-saves";

  /** The relay has too much to do. */
  public static final String OVERLOADED = "overloaded";

  /** The relay's store cannot be read or written. */
  public static final String STORE_UNAVAILABLE = "store-unavailable";

  /** The relay's store has not answered for some time. */
  public static final String STORE_SLOW = "store-slow";

  /** The client sends more than it may. */
  public static final String TOO_FAST = "too-fast";

  /** What the relay's store holds of the document is damaged. */
  public static final String STORE_DAMAGED = "store-damaged";

  /** A save covers edits that have not reached the relay. */
  public static final String EDITS_MISSING = "edits-missing";

  /** A save asks for a guarantee that the relay's store does not give. */
  public static final String GUARANTEE_UNAVAILABLE = "guarantee-unavailable";

  /** Two different changes bear the same replica and sequence number. */
  public static final String FORKED_IDENTITY = "forked-identity";

  /** Changes go on under a replica id that somebody else is writing under, who is connected. */
  public static final String FORGED_IDENTITY = "forged-identity";

  /** The client's version lies below the history that the relay still has. */
  public static final String SHALLOW_HISTORY = "shallow-history";

  /** The relay is about to stop. */
  public static final String DRAINING = "draining";

  /** A fault of the relay itself. */
  public static final String INTERNAL = "internal";

  private Codes() {}
}
