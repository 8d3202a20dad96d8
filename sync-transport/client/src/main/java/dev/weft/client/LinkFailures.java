package dev.weft.client;

import dev.weft.protocol.Frames;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.websocket.api.exceptions.UpgradeException;

/** Says why a link failed, for a person. */
final class LinkFailures {
  /** What Java says of an answer that is no TLS, by no class of its own. */
  private static final String NO_TLS = "unrecognized ssl message";

  /** What Jetty says of an answer that begins as an alert of TLS does, where HTTP was expected. */
  private static final String TLS_ALERT = "CNTL=0x15";

  private LinkFailures() {}

  static String describe(Throwable failure) {
    if (isTlsAlert(failure)) {
      return "the relay there speaks TLS: its address begins with wss: and not with ws:";
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UpgradeException upgrade && upgrade.getResponseStatusCode() > 0) {
        return describeStatus(upgrade.getResponseStatusCode());
      } else if (cause instanceof ConnectException) {
        return "the relay cannot be reached: connection refused";
      } else if (cause instanceof UnknownHostException
          || cause instanceof UnresolvedAddressException) {
        return "the relay cannot be reached: unknown host";
      } else if (cause instanceof TimeoutException) {
        return "the relay cannot be reached: no answer in time";
      } else if (cause instanceof SSLException) {
        if (String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(NO_TLS)) {
          return "what answers there does not speak TLS, for which wss: in the address asks";
        }
        return "no secure connection to the relay: " + cause.getMessage();
      } else if (cause instanceof ClosedChannelException || cause instanceof EOFException) {
        return "the connection was cut";
      } else if (cause instanceof HttpException) {
        return "what answers there is no relay";
      }
    }
    // What libraries say of their own insides helps nobody who reads a status.
    return "the connection failed: " + failure.getClass().getSimpleName();
  }

  /** Returns whether a server of TLS was spoken to without. */
  private static boolean isTlsAlert(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpException answer
          && String.valueOf(answer.getReason()).contains(TLS_ALERT)) {
        return true;
      }
    }
    return false;
  }

  static String describeStatus(int status) {
    return switch (status) {
      case 400 -> "the server there does not speak " + Frames.SUBPROTOCOL;
      case 429 -> "the relay takes no more connections from this address at the moment";
      case 503 -> "the relay takes no more connections at the moment";
      default -> "no relay of this protocol answers there: HTTP status " + status;
    };
  }

  /**
   * Returns how long who has too much to do has said to stay away; zero if it has not, or said a
   * date, for which two clocks would have to agree.
   */
  static Duration staysAway(int status, HttpFields headers) {
    String after = headers.get(HttpHeader.RETRY_AFTER);
    boolean busy =
        status == HttpStatus.TOO_MANY_REQUESTS_429 || status == HttpStatus.SERVICE_UNAVAILABLE_503;
    return busy && after != null && after.matches("\\d{1,9}")
        ? Duration.ofSeconds(Long.parseLong(after))
        : Duration.ZERO;
  }

  /**
   * Returns whether another way to the relay would fail as well: no server was reached, or what
   * answered has too much to do, or does not reach the relay itself.
   */
  static boolean concernsEveryWay(Throwable failure) {
    if (isTlsAlert(failure)) {
      return true;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UpgradeException upgrade
          && (upgrade.getResponseStatusCode() == HttpStatus.TOO_MANY_REQUESTS_429
              || HttpStatus.isServerError(upgrade.getResponseStatusCode()))) {
        return true;
      }
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof UnresolvedAddressException
          || cause instanceof SSLException) {
        return true;
      }
    }
    return false;
  }
}
