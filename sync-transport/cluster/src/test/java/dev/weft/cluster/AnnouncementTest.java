package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.store.Author;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
  private static final long SENDER = 0x8877665544332211L;

  @Test
  void shouldReadWhatWasWritten() throws MalformedUpdateException {
    Author ann = new Author(1);
    List<Change> changes = new ArrayList<>(ann.type("abc"));
    changes.addAll(ann.delete(0, 2));

    List<byte[]> written = Announcement.write(SENDER, changes);

    assertThat(written).hasSize(1);
    byte[] bytes = written.get(0);
    assertThat(bytes).startsWith(1, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11);
    assertThat(Announcement.isFrom(SENDER, bytes)).isTrue();
    assertThat(Announcement.isFrom(1, bytes)).isFalse();
    assertThat(Announcement.read(bytes)).isEqualTo(new Announcement(SENDER, changes));
  }

  @Test
  void shouldPartManyChanges() throws MalformedUpdateException {
    Author ann = new Author(1);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // Neither repetitive nor long enough to be compressed much.
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 10_000; j++) {
        text.append((char) (0x4e00 + (i * 7919 + j * 104729) % 20_000));
      }
      changes.addAll(ann.type(text.toString()));
    }

    List<byte[]> written = Announcement.write(SENDER, changes);

    assertThat(written).hasSizeGreaterThan(1).allMatch(bytes -> bytes.length < 300_000);
    List<Change> read = new ArrayList<>();
    for (byte[] bytes : written) {
      read.addAll(Announcement.read(bytes).changes());
    }
    assertThat(read).isEqualTo(changes);
    assertThat(Announcement.write(SENDER, List.of())).isEmpty();
  }

  @Test
  void shouldRejectWhatIsOfAnotherForm() {
    byte[] bytes = Announcement.write(SENDER, new Author(1).type("abc")).get(0);
    bytes[0] = 2;

    assertThat(Announcement.isFrom(SENDER, bytes)).isFalse();
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> Announcement.read(bytes))
        .withMessageContaining("form 2");
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> Announcement.read(new byte[0]));
    bytes[0] = 1;
    bytes[bytes.length - 1] ^= 1;
    assertThatExceptionOfType(MalformedUpdateException.class)
        .isThrownBy(() -> Announcement.read(bytes));
  }
}
