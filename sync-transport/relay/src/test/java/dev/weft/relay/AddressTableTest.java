package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AddressTableTest {
  private static final AddressBlock HERE = new AddressBlock(false, 1);
  private static final AddressBlock THERE = new AddressBlock(false, 2);

  private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

  private AddressTable table(int most) {
    return new AddressTable(most, () -> now);
  }

  private void advance(Duration by) {
    now += by.toNanos();
  }

  private static List<AddressTable.Stay> arrive(AddressTable table, AddressBlock from, int count) {
    List<AddressTable.Stay> stays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stays.add(table.arrive(from, true));
    }
    return stays;
  }

  private static long admitted(List<AddressTable.Stay> stays) {
    return stays.stream().filter(each -> each.refusal() == null).count();
  }

  @Test
  void shouldTakeAsManyOfAnAddressAsItMayHave() {
    AddressTable table = table(100);
    List<AddressTable.Stay> here = arrive(table, HERE, 101);

    assertThat(admitted(here)).isEqualTo(100);
    Refusal refusal = Objects.requireNonNull(here.get(100).refusal());
    assertThat(refusal.retryable()).isTrue();
    assertThat(refusal.retryAfterMillis()).isEqualTo(5_000);
    assertThat(table.arrive(THERE, true).refusal()).isNull();

    here.get(0).close();
    advance(Duration.ofMillis(100));
    assertThat(table.arrive(HERE, true).refusal()).isNull();
    assertThat(table.arrive(HERE, true).refusal()).isNotNull();
  }

  @Test
  void shouldTakeATenthASecondWhenAllHaveComeAnew() {
    AddressTable table = table(100);
    arrive(table, HERE, 100).forEach(AddressTable.Stay::close);

    Refusal refusal = Objects.requireNonNull(table.arrive(HERE, true).refusal());
    assertThat(refusal.reason()).contains("too fast");
    assertThat(refusal.retryAfterMillis()).isBetween(100, 101);

    // Who was refused has not spent anything: a storm does not keep everybody out.
    arrive(table, HERE, 10_000).forEach(AddressTable.Stay::close);
    advance(Duration.ofSeconds(2));
    assertThat(admitted(arrive(table, HERE, 50))).isEqualTo(20);
  }

  @Test
  void shouldNotCountRequestsThatShareAConnectionAsNewOnes() {
    AddressTable table = table(10);
    for (int i = 0; i < 1_000; i++) {
      AddressTable.Stay stay = table.arrive(HERE, false);
      assertThat(stay.refusal()).isNull();
      stay.close();
    }
  }

  @Test
  void shouldTellAFewThatTheyAreTooManyAndCutTheRest() {
    AddressTable table = table(100);
    List<AddressTable.Stay> here = arrive(table, HERE, 200);

    assertThat(here.stream().filter(each -> each.refusal() != null && !each.isToBeCut()))
        .hasSize(18);
    assertThat(table.connections()).isEqualTo(118);
    here.stream().filter(AddressTable.Stay::isToBeCut).forEach(AddressTable.Stay::close);
    assertThat(table.connections()).isEqualTo(118);
  }

  @Test
  void shouldEndEachStayOnceHoweverOftenItIsClosed() {
    AddressTable table = table(10);
    AddressTable.Stay first = table.arrive(HERE, true);
    AddressTable.Stay second = table.arrive(HERE, true);
    first.close();
    first.close();
    assertThat(table.connections()).isOne();
    second.close();
    assertThat(table.connections()).isZero();
  }

  @Test
  void shouldForgetWhoHasGoneAndMadeUpForIt() {
    AddressTable table = table(1_000);
    for (int i = 0; i < 1_000; i++) {
      table.arrive(new AddressBlock(true, i), true).close();
      advance(Duration.ofMillis(10));
    }

    // Each has made up for its one connection when the next but one comes.
    assertThat(table.known()).isLessThan(4);
  }

  @Test
  void shouldKnowABoundedNumberOfThoseWhoHaveGone() {
    AddressTable table = table(1_000);
    for (int i = 0; i < 3 * AddressTable.MAX_ABSENT; i++) {
      table.arrive(new AddressBlock(true, i), true).close();
    }

    assertThat(table.known()).isEqualTo(AddressTable.MAX_ABSENT);
  }

  /** Ten thousand clients of a relay that drained come back within its jitter of a second. */
  @Test
  void shouldLetAllComeBackAtOnceWhenTheyAreBehindManyAddresses() {
    AddressTable table = table(RelayBounds.DEFAULT.connectionsOfAddress(true));
    int addresses = 20;
    List<AddressTable.Stay> all = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      all.add(table.arrive(new AddressBlock(false, i % addresses), true));
    }
    assertThat(admitted(all)).isEqualTo(10_000);
    all.forEach(AddressTable.Stay::close);

    // And once more, as when the relay that they went to is drained too, half a minute later.
    advance(Duration.ofSeconds(10));
    Deque<AddressTable.Stay> again = new ArrayDeque<>();
    for (int i = 0; i < 10_000; i++) {
      again.add(table.arrive(new AddressBlock(false, i % addresses), true));
    }
    assertThat(admitted(List.copyOf(again))).isEqualTo(10_000);
  }

  @Test
  void shouldCountANetworkOfIpv6AsOneAddress() throws Exception {
    AddressBlock one = AddressBlock.of(InetAddress.getByName("2001:db8:1:2::1"));

    assertThat(AddressBlock.of(InetAddress.getByName("2001:db8:1:2:ffff::9"))).isEqualTo(one);
    assertThat(AddressBlock.of(InetAddress.getByName("2001:db8:1:3::1"))).isNotEqualTo(one);
    AddressBlock four = AddressBlock.of(InetAddress.getByName("192.0.2.1"));
    assertThat(AddressBlock.of(InetAddress.getByName("192.0.2.2"))).isNotEqualTo(four);
    assertThat(AddressBlock.of(InetAddress.getByName("::ffff:192.0.2.1"))).isEqualTo(four);
    assertThat(AddressBlock.of(InetAddress.getByName("::c000:201"))).isNotEqualTo(four);
  }

  @Test
  void shouldLeaveAllThereIsToWhoRunsOnTheMachineUnlessToldOtherwise() {
    RelayBounds usual = RelayBounds.DEFAULT.withConnections(20_000);

    assertThat(usual.connectionsOfAddress(true)).isEqualTo(1_000);
    assertThat(usual.connectionsOfAddress(false)).isEqualTo(Integer.MAX_VALUE);
    assertThat(usual.withConnectionsOfAddress(7).connectionsOfAddress(false)).isEqualTo(7);
    assertThat(usual.withConnections(10).connectionsOfAddress(true)).isEqualTo(10);
  }
}
