package dev.weft.relay;

import com.nimbusds.jose.JWSHeader;
import java.util.concurrent.CompletionStage;

/** Where the keys come from that tokens are verified with. Thread-safe. */
interface TokenKeySource extends AutoCloseable {

  /**
   * Gives the newest keys there are, having looked for newer ones where none of those may have
   * signed a token with such a header.
   *
   * @return returns at once; fails with a {@link RefusedException} where there are none for now
   */
  CompletionStage<TokenKeys> keysFor(JWSHeader header);

  /** Has {@code changed} run when keys have gone, until this is closed. */
  void whenGone(Runnable changed);

  @Override
  void close();
}
