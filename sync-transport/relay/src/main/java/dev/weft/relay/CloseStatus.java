package dev.weft.relay;

import dev.weft.protocol.Codes;

/** The statuses of RFC 6455 with which a connection is closed. */
final class CloseStatus {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int UNSUPPORTED_DATA = 1003;
  static final int POLICY_VIOLATION = 1008;
  static final int MESSAGE_TOO_BIG = 1009;
  static final int TRY_AGAIN_LATER = 1013;

  private CloseStatus() {}

  /** Returns the status that goes with a code of the protocol. */
  static int of(String code) {
    return switch (code) {
      case Codes.MALFORMED, Codes.WRONG_STATE -> PROTOCOL_ERROR;
      case Codes.TOO_LARGE -> MESSAGE_TOO_BIG;
      case Codes.OVERLOADED -> TRY_AGAIN_LATER;
      case Codes.DRAINING -> GOING_AWAY;
      default -> POLICY_VIOLATION;
    };
  }
}
