package dev.weft.relay;

import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST .../sync}: one conversation for each request, for clients that cannot have a
 * WebSocket.
 */
final class PollDoor implements HttpDoors.Door {
  private static final String TYPE_PREFIX = "application/vnd.";

  private final RelayHub hub;
  private final FrontConnector front;

  /**
   * Creates the door.
   *
   * @param front by which requests come
   */
  PollDoor(RelayHub hub, FrontConnector front) {
    this.hub = hub;
    this.front = front;
  }

  @Override
  public List<String> methods() {
    return List.of(HttpMethod.POST.asString());
  }

  @Override
  public void enter(Visit visit) {
    if (isEncoded(visit.header(HttpHeader.CONTENT_ENCODING))) {
      // What can be inflated can be a bomb, and frames are compact already.
      visit.answer(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "The content must not be compressed.");
      return;
    }
    ProtocolVersion version = version(visit.header(HttpHeader.CONTENT_TYPE));
    if (version == null) {
      visit.answer(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "The type of the content must be "
              + TYPE_PREFIX
              + hub.versions().names().replace(", ", " or " + TYPE_PREFIX)
              + ".");
      return;
    }
    Poll.begin(
        hub,
        visit,
        TYPE_PREFIX + version.name(),
        Entrance.ofPoll(version, visit.token(), visit.document()).sharing(allowance(visit)));
  }

  /** A request is no new connection: whoever makes many would else have the allowance of many. */
  private @Nullable ConnectionAllowance allowance(Visit visit) {
    Arrival arrival = front.arrival(visit.request());
    return arrival == null ? null : arrival.ofPolls(hub.bounds().allowances(), hub.now());
  }

  private static boolean isEncoded(@Nullable String encoding) {
    return encoding != null && !encoding.trim().equalsIgnoreCase("identity");
  }

  /** A version's media type is its name behind a prefix; parameters mean nothing. */
  private @Nullable ProtocolVersion version(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    String type = contentType.split(";", 2)[0].trim();
    return type.startsWith(TYPE_PREFIX)
        ? hub.versions().newestOf(List.of(type.substring(TYPE_PREFIX.length())))
        : null;
  }
}
