package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.client.SaveProgress.State;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee.Level;
import dev.weft.protocol.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What saves ask for, and what is told of them. */
class SavesTest {
  private static final dev.weft.protocol.Guarantee THREE =
      new dev.weft.protocol.Guarantee(Level.REPLICATED, 3);

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 37);
  }

  private List<ClientMessage.Save> sent() {
    return workshop.relay.received.stream()
        .filter(ClientMessage.Save.class::isInstance)
        .map(ClientMessage.Save.class::cast)
        .toList();
  }

  private static List<SaveProgress> watch(Device device) {
    List<SaveProgress> told = new ArrayList<>();
    device.text.onSave(told::add);
    return told;
  }

  @Test
  void shouldTellWhatASaveComesTo() {
    Device ann = workshop.device("ann");
    List<SaveProgress> told = watch(ann);
    ann.text.insert(0, "abc");

    SaveReceipt receipt = workshop.await(ann.text.save());
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.ACKNOWLEDGED);
    assertThat(told.get(1).receipt()).isEqualTo(receipt);
    assertThat(told).extracting(SaveProgress::at).containsOnly(Workshop.NOW);
    assertThat(told).extracting(SaveProgress::version).containsOnly(ann.text.version());
  }

  @Test
  void shouldTellTheLastToWhoListensLater() {
    Device ann = workshop.device("ann");
    workshop.await(ann.text.save());

    List<SaveProgress> told = watch(ann);
    workshop.run(Duration.ofMillis(10));

    assertThat(told).extracting(SaveProgress::state).containsExactly(State.ACKNOWLEDGED);
  }

  @Test
  void shouldTellTheReceiptOfASaveThatAnEarlierRunAskedFor() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> unanswered = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    ann.close();
    assertThat(unanswered).isCompletedExceptionally();
    workshop.relay.reachable = true;

    Device again = workshop.device("ann");
    List<SaveProgress> told = watch(again);
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.ACKNOWLEDGED);
    SaveReceipt receipt = Objects.requireNonNull(told.get(1).receipt());
    assertThat(receipt.guarantee()).isEqualTo(Guarantee.FSYNCED);
    assertThat(receipt.saveId()).isEqualTo(told.get(0).saveId());
  }

  @Test
  void shouldTellWhyASaveWasRefused() {
    workshop.relay.refuseSaves = Refusal.forGood("no-room", "the disk is full");
    Device ann = workshop.device("ann");
    List<SaveProgress> told = watch(ann);
    ann.text.insert(0, "abc");

    workshop.awaitFailure(ann.text.save());
    workshop.run(Duration.ofMillis(10));

    assertThat(told).extracting(SaveProgress::state).containsExactly(State.PENDING, State.REFUSED);
    assertThat(Objects.requireNonNull(told.get(1).refusal()).reason())
        .isEqualTo("the disk is full");
  }

  @Test
  void shouldTellOnceOfSavesThatJoin() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    List<SaveProgress> told = watch(ann);
    List<CompletableFuture<SaveReceipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ann.text.insert(0, "x");
      receipts.add(ann.text.save());
    }
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;
    receipts.forEach(workshop::await);
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.ACKNOWLEDGED);
    assertThat(told.get(1).version()).isEqualTo(ann.text.version());
  }

  @Test
  void shouldAskForAsManyCopiesAsTheCallerAfterARestartToo() {
    workshop.relay.gives = THREE;
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> unused = ann.text.save(Guarantee.replicated(2));
    workshop.run(Duration.ofSeconds(1));
    ann.crash();
    workshop.relay.reachable = true;

    Device again = workshop.device("ann");
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);

    assertThat(sent()).extracting(save -> save.guarantee().copies()).containsOnly(2);
    SaveReceipt receipt = workshop.await(again.text.save(Guarantee.replicated(3)));
    assertThat(receipt.guarantee()).isEqualTo(Guarantee.replicated(3));
  }

  @Test
  void shouldAskForTheSafestOfSavesThatJoin() {
    workshop.relay.gives = THREE;
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    CompletableFuture<SaveReceipt> safe = ann.text.save(Guarantee.replicated(3));
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;

    assertThat(workshop.await(safe).guarantee().copies()).isEqualTo(3);
    assertThat(workshop.await(plain).guarantee().copies()).isEqualTo(3);
  }

  @Test
  void shouldNotTakeLessThanWasAskedForAsAnAnswer() {
    workshop.relay.gives = THREE;
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "abc");
    workshop.relay.lost =
        message -> message instanceof dev.weft.protocol.RelayMessage.SaveAcknowledged;
    CompletableFuture<SaveReceipt> receipt = ann.text.save(Guarantee.replicated(2));
    workshop.await("sent", () -> !sent().isEmpty());
    workshop.relay.sendToAll(
        new dev.weft.protocol.RelayMessage.SaveAcknowledged(
            1, sent().get(0).id(), ann.text.version(), dev.weft.protocol.Guarantee.FSYNCED));
    workshop.run(Duration.ofSeconds(1));

    assertThat(receipt).isNotDone();
  }

  @Test
  void shouldRefuseWhatTheRelayCannotGive() {
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");

    Throwable refused = workshop.awaitFailure(ann.text.save(Guarantee.replicated(2)));

    assertThat(refused)
        .isInstanceOf(SaveRefusedException.class)
        .hasMessage("refused (guarantee-unavailable): this relay keeps 1");
    assertThat(workshop.await(ann.text.save()).guarantee()).isEqualTo(Guarantee.FSYNCED);
  }

  @Test
  void shouldSaveOnThisDeviceAloneWhereThatIsAskedFor() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");

    SaveReceipt receipt = workshop.await(ann.text.save(Guarantee.DEVICE));

    assertThat(receipt.guarantee()).isEqualTo(Guarantee.DEVICE);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.UNSAVED);
  }

  @Test
  void shouldRefuseARelaysGuaranteeWithoutARelay() {
    Device alone = workshop.deviceAlone("alone", builder -> {});

    Throwable refused = workshop.awaitFailure(alone.text.save(Guarantee.FSYNCED));

    assertThat(refused)
        .isInstanceOfSatisfying(
            SaveRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(Codes.GUARANTEE_UNAVAILABLE));
  }

  @Test
  void shouldRefuseGuaranteesThatAreNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Guarantee.replicated(1))
        .withMessage("REPLICATED does not go with that many copies, copies=1");
  }
}
