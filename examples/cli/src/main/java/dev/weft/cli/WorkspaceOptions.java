package dev.weft.cli;

import dev.weft.client.TokenSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a command finds its documents: on this device and at a relay. */
final class WorkspaceOptions {
  /** The port of a relay, unless it was told another. */
  static final int DEFAULT_PORT = 7700;

  @Option(
      names = "--relay",
      paramLabel = "URL",
      defaultValue = "${env:WEFT_RELAY:-ws://127.0.0.1:" + DEFAULT_PORT + "}",
      converter = RelayAddress.class,
      description = {
        // An address would be broken at its colons.
        "The relay (default: $$WEFT_RELAY, or",
        "ws://127.0.0.1:" + DEFAULT_PORT + ")."
      })
  private URI relay;

  @Mixin private StoreOption store;
  @Mixin private TokenOption token;

  URI relay() {
    return relay;
  }

  /** Returns where the token for the relay comes from; null if there is none. */
  @Nullable TokenSource token() {
    return token.source();
  }

  /**
   * Returns the store's directory, which exists.
   *
   * @throws CommandFailure if it cannot be created
   */
  Path store() throws CommandFailure {
    return store.directory();
  }

  /** Reads a relay's address. */
  static final class RelayAddress implements ITypeConverter<URI> {
    private static final int MAX_PORT = 65_535;

    @Override
    public URI convert(String value) {
      try {
        URI address = new URI(value);
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() != null
            && address.getUserInfo() == null
            && address.getPort() <= MAX_PORT
            && (scheme.equals("ws") || scheme.equals("wss"))) {
          return address;
        }
      } catch (URISyntaxException e) {
        throw new TypeConversionException(notAnAddress(value) + " (" + e.getReason() + ")");
      }
      throw new TypeConversionException(notAnAddress(value));
    }

    private static String notAnAddress(String value) {
      return "a relay's address is ws://HOST:PORT or wss://HOST:PORT, not '" + value + "'";
    }
  }
}
