package dev.weft.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies that are believed when they say whose a request is: by {@code X-Forwarded-For}, and
 * whether it came to them by TLS, by {@code X-Forwarded-Proto}. Thread-safe.
 *
 * <p>A proxy adds the address that it sees to what the header has, and what it has may be the
 * client's own invention. So the last address counts that is not a trusted proxy's. {@code
 * Forwarded} is not looked at: most proxies pass it on as a client has written it. Nor is the name
 * of the host, which would let a page choose what it is compared with: a proxy passes on the Host
 * that it was asked for.
 */
final class TrustedProxies implements HttpConfiguration.Customizer {
  private static final Logger log = LoggerFactory.getLogger(TrustedProxies.class);

  /** Nobody. */
  static final TrustedProxies NONE = new TrustedProxies(List.of());

  private final List<AddressRange> ranges;
  private final AtomicBoolean told = new AtomicBoolean();

  private TrustedProxies(List<AddressRange> ranges) {
    this.ranges = ranges;
  }

  /**
   * Reads a list of addresses.
   *
   * @param written {@code ADDRESS} or {@code ADDRESS/BITS} each
   * @throws IllegalArgumentException if one is neither
   */
  static TrustedProxies of(Collection<String> written) {
    return new TrustedProxies(written.stream().map(AddressRange::parse).toList());
  }

  boolean trust(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    return address != null && trust(address);
  }

  private boolean trust(InetAddress address) {
    return ranges.stream().anyMatch(each -> each.contains(address));
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
    if (!(peer instanceof InetSocketAddress internet) || !trust(internet)) {
      return request;
    }
    List<String> hops = request.getHeaders().getCSV(HttpHeader.X_FORWARDED_FOR, false);
    if (hops.isEmpty()) {
      tellOnce(internet);
    }
    InetSocketAddress client = client(hops, internet);
    List<String> schemes = request.getHeaders().getCSV(HttpHeader.X_FORWARDED_PROTO, false);
    String scheme = schemes.isEmpty() ? null : schemes.get(schemes.size() - 1);
    return new Forwarded(request, client, HttpScheme.HTTPS.is(scheme));
  }

  private void tellOnce(InetSocketAddress proxy) {
    if (told.compareAndSet(false, true)) {
      log.warn(
          "the proxy at {} does not say whose its requests are (X-Forwarded-For): all of them count"
              + " as of one address",
          PeerAddress.of(proxy));
    }
  }

  /** Returns the last of the addresses that is not a trusted proxy's. */
  private InetSocketAddress client(List<String> hops, InetSocketAddress proxy) {
    InetSocketAddress last = proxy;
    for (int i = hops.size() - 1; i >= 0; i--) {
      InetAddress hop = addressOf(hops.get(i));
      if (hop == null) {
        // What stands before it nobody vouches for.
        return last;
      }
      last = new InetSocketAddress(hop, 0);
      if (!trust(hop)) {
        return last;
      }
    }
    return last;
  }

  /** Some proxies write the port behind the address. */
  private static @Nullable InetAddress addressOf(String hop) {
    int bracket = hop.indexOf(']');
    if (hop.startsWith("[") && bracket > 0) {
      return AddressRange.address(hop.substring(1, bracket));
    }
    int colon = hop.indexOf(':');
    boolean hasPort = colon >= 0 && colon == hop.lastIndexOf(':');
    return AddressRange.address(hasPort ? hop.substring(0, colon) : hop);
  }

  /** A request as it came to the proxy. */
  private static final class Forwarded extends Request.Wrapper {
    private final ConnectionMetaData connection;
    private final boolean secure;
    private final HttpURI uri;

    Forwarded(Request request, InetSocketAddress client, boolean secure) {
      super(request);
      this.secure = secure || request.isSecure();
      HttpURI asked = request.getHttpURI();
      this.uri = this.secure ? HttpURI.build(asked).scheme(HttpScheme.HTTPS).asImmutable() : asked;
      this.connection =
          new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
              return client;
            }
          };
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
      return connection;
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public HttpURI getHttpURI() {
      return uri;
    }
  }
}
