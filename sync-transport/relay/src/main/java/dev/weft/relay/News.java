package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a document has taken in and not passed on to its channels yet: what came together goes out
 * together. Confined to the document's worker.
 */
final class News {
  private final long partBytes;
  private final List<RelayedText.Accepted> news = new ArrayList<>();
  private long bytes;
  private VersionVector passedOn;

  /**
   * Creates no news, of a document of which nobody has been sent anything.
   *
   * @param partBytes how much goes out together
   * @param version what the document has
   */
  News(long partBytes, VersionVector version) {
    this.partBytes = partBytes;
    this.passedOn = version;
  }

  void add(RelayedText.Accepted accepted) {
    news.add(accepted);
    bytes += accepted.update().size();
  }

  boolean isEmpty() {
    return news.isEmpty();
  }

  /** Returns whether an update can go out together with what is here. */
  boolean hasRoomFor(int updateBytes) {
    return news.isEmpty() || bytes + updateBytes <= partBytes;
  }

  /**
   * Gives to each channel what has come from elsewhere.
   *
   * @param version what the document has: all that was passed on before, and the news
   * @return the news
   */
  List<RelayedText.Accepted> passOn(Collection<Channel> channels, VersionVector version) {
    List<RelayedText.Accepted> all = List.copyOf(news);
    VersionVector before = passedOn;
    passedOn = version;
    news.clear();
    bytes = 0;
    Payload toMost = null;
    for (Channel channel : channels) {
      Payload update;
      if (all.stream().anyMatch(each -> each.from() == channel)) {
        update = combine(all.stream().filter(each -> each.from() != channel).toList());
      } else {
        toMost = toMost == null ? combine(all) : toMost;
        update = toMost;
      }
      if (!update.isEmpty()) {
        channel
            .queue()
            .edits(
                channel.feed, new RelayMessage.Edits(channel.number, update, false, null), before);
      }
    }
    return all;
  }

  private static Payload combine(List<RelayedText.Accepted> news) {
    if (news.size() <= 1) {
      return news.isEmpty() ? Payload.EMPTY : news.get(0).update();
    }
    List<Change> changes = new ArrayList<>();
    news.forEach(each -> changes.addAll(each.changes()));
    return Payload.of(Change.combine(changes));
  }
}
