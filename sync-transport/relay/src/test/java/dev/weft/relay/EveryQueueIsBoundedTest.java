package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The relay holds nothing without a bound: each field that can hold many things is listed here with
 * what bounds it. Whoever adds one has to say it.
 */
class EveryQueueIsBoundedTest {
  /** Each field, and its bound: a name of {@link RelayBounds}, or why there cannot be many. */
  private static final String BOUNDS =
      """
      AddressRange.first             one address
      AddressTable.absent            a constant
      AddressTable.present           connections
      Admissions.open                connections
      Admissions.due                 connections
      BoundedBody.bytes              pollRequestBytes
      CatchUp.ways                   a constant
      CatchUp$Way.next               the parts of one catch-up
      Channel.participants           participants
      ChannelTable.channels          connection.maxChannels
      ChannelTable.errands           inboundBytes, with an overhead for each
      Channels.all                   connections times connection.maxChannels
      Dashboard.newest               one event
      Dashboard.viewers              a constant
      DocumentBody.channels          the document's own
      DocumentBody.untilDurable      two, for a drain
      EventStream.waiting            a constant, or one event; readerBytes for those of all
      FigureStream.newest            one event
      FileKeys.taken                 the file, of a constant length at most
      FileWatch.files                set once
      FileWatch.seen                 one for each of the files
      FileWatch.thread               one task
      Followers.edits                let go, for a fresh text, when they are longer than the text
      Followers.streams              connections
      FrameParts.bytes               connection.maxFrameBytes, and unfinishedBytes for those of all
      FrameSink.held                 pollResponseBytes, and pollHeldBytes for those of all
      FrameSource.bytes              connection.maxFrameBytes, and unfinishedBytes for those of all
      FrontConnector.arrivals        connections, and an eighth more to be told
      HttpDoors.doors                set once
      JwtAuthenticator.listeners     one for each relay
      Lately$Keeper.samples          a constant, and a minute of them
      Mailbox.tasks                  inboundBytes for each connection, leftBytes for those gone
      News.news                      partBytes, or one message
      Origins.listed                 set once
      OtherRelays.heard              inboundBytes
      Outgoing.frame                 one message; outboundBytes for those that wait
      PendingSaves.pending           connection.maxPendingSaves for each channel
      PendingSaves.whenAnswered      one for each channel
      PerConstant.values             one for each constant
      PresenceBoard.channels         the document's own
      PresenceBoard.shown            participants for each channel
      Progress.advanced              document.maxReplicas
      ProtocolVersions.byName        set once
      ReaderBudget.spares            readerBytes, and two for each of the documents
      RelayHub.documents             documents
      RelayHub.sessions              connections
      RelayHub.streams               connections
      RelayThreads.workers           documents, twice
      RelayThreads.storeReads        documents, twice, and a constant
      RelayThreads.storeWrites       one task
      RelayThreads.timer             a few for each connection and document
      RelayServer$Builder.versions   set once
      RelayedText$Accepted.changes   one message
      RelayedText$Outcome.accepted   one message, and waitingChanges
      RelayedText$Outcome.poisonous  one message, and waitingChanges
      Rendering.bytes                a text of one document; readerBytes for those being given
      Sample.times                   one for each meter
      Sample.values                  one for each meter
      SendQueue.owing                connection.maxChannels
      SendQueue.waiting              outboundBytes
      TlsFront.taken                 one for each of the files
      TokenFile.bearers              the file's lines
      TokenFile.listeners            one for each relay
      TokenFile.taken                the file, of a constant length at most
      TokenKeys.keys                 the file's, or a constant number of an answer's
      TokenKeys$Key.algorithms       set once
      TokenLines$Bearer.rules        the file's line
      TrustedProxies.ranges          set once
      WaitingChanges.waiting         waitingChanges, waitingBytes
      Wellbeing.conditions           as many as there are kinds
      WriteBehind$Batch.changes      unwrittenBytes
      WriteBehind.urgent             documents
      WriteBehind.usual              documents
      Writers.claims                 one for each of Channels.all
      """;

  private static final List<Class<?>> HOLD_MANY =
      List.of(
          Collection.class,
          Map.class,
          ExecutorService.class,
          ByteArrayOutputStream.class,
          StringBuilder.class,
          byte[].class);

  @Test
  void shouldSayOfEachFieldThatHoldsManyWhatBoundsIt() throws Exception {
    Map<String, String> bounds = new TreeMap<>();
    for (String line : BOUNDS.lines().toList()) {
      String[] parts = line.split("\\s+", 2);
      bounds.put(parts[0], parts[1]);
    }

    assertThat(fieldsThatHoldMany()).isEqualTo(bounds.keySet());
    assertThat(bounds.values()).noneMatch(String::isBlank);
  }

  private static Set<String> fieldsThatHoldMany() throws Exception {
    Set<String> fields = new TreeSet<>();
    for (Class<?> each : classes()) {
      for (Field field : each.getDeclaredFields()) {
        boolean isOne = Modifier.isStatic(field.getModifiers()) || field.isSynthetic();
        if (!isOne && HOLD_MANY.stream().anyMatch(many -> many.isAssignableFrom(field.getType()))) {
          fields.add(
              each.getName().substring(each.getPackageName().length() + 1) + "." + field.getName());
        }
      }
    }
    return fields;
  }

  private static List<Class<?>> classes() throws IOException, URISyntaxException {
    Path root =
        Path.of(RelayServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String folder = RelayServer.class.getPackageName().replace('.', '/');
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .<Class<?>>map(EveryQueueIsBoundedTest::load)
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(
          RelayServer.class.getPackageName() + "." + name,
          false,
          RelayServer.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
