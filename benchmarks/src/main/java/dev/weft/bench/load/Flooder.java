package dev.weft.bench.load;

import dev.weft.bench.load.dialect.Edits;
import dev.weft.bench.load.net.Network;
import java.util.List;
import java.util.Random;

/**
 * A client that makes edit after edit, and sends each by itself, as fast as the link takes them;
 * what the server asks of it, it does not hear. Confined to the loop.
 */
final class Flooder extends Member {
  private static final int AT_ONCE = 32;
  private static final int MOST_UNSENT_BYTES = 64 << 10;

  private boolean flooding;

  Flooder(Place place, Tally tally, Random random, String document, long writer, Edits edits) {
    super(
        place,
        tally,
        random,
        ClientClass.FLOOD,
        Network.DIRECT,
        document,
        writer,
        edits,
        List.of());
  }

  @Override
  public void caughtUp() {
    super.caughtUp();
    if (!flooding) {
      flooding = true;
      loop().after(0, this::flood);
    }
  }

  private void flood() {
    if (!isConnected()) {
      flooding = false;
      return;
    }
    for (int sent = 0; sent < AT_ONCE && unsentBytes() < MOST_UNSENT_BYTES; sent++) {
      speaker().type();
      speaker().sayEdits();
      tally().flooded++;
      if (tally().counts(System.nanoTime())) {
        tally().editsSent++;
        tally().messagesSent++;
      }
    }
    flooding = unsentBytes() < MOST_UNSENT_BYTES;
    if (flooding) {
      loop().after(0, this::flood);
    }
  }

  @Override
  public void drained() {
    if (!flooding) {
      flooding = true;
      loop().after(0, this::flood);
    }
  }
}
