package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A text is as long as it is when it is written, surrogates without a partner included. */
class Utf8LengthProperties {
  @Property
  void shouldCountWhatStringWrites(@ForAll("units") String text) {
    Utf8Length length = new Utf8Length();
    length.accept(text);
    length.accept("é");

    assertThat(length.bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length + 2);
  }

  @Provide
  Arbitrary<String> units() {
    return Arbitraries.oneOf(
            Arbitraries.chars().all(),
            Arbitraries.chars().range('\ud7fe', '\ue001'),
            Arbitraries.of('a', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud83c', '\udf0d'))
        .array(char[].class)
        .ofMaxSize(20)
        .map(String::new);
  }
}
