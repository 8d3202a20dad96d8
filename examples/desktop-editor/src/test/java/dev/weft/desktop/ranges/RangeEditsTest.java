package dev.weft.desktop.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javax.swing.text.BadLocationException;
import javax.swing.text.PlainDocument;
import org.junit.jupiter.api.Test;

class RangeEditsTest {
  @Test
  void shouldTellWhatWasTakenOutAndWhatWasPutIn() throws BadLocationException {
    List<String> told = new ArrayList<>();
    RangeEdits edits =
        (offset, removed, inserted) -> told.add(offset + " -" + removed + " +" + inserted);
    PlainDocument document = new PlainDocument();
    document.addDocumentListener(edits);

    document.insertString(0, "warp", null);
    document.remove(1, 2);

    assertThat(told).containsExactly("0 -0 +4", "1 -2 +0");
  }
}
