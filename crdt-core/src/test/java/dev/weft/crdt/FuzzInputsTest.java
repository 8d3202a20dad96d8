package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Repeats the inputs of the fuzz tests that are kept among the resources: where fuzzing begins,
 * what it found that reaches far, and all that ever broke something.
 */
class FuzzInputsTest {
  private static final Path RESOURCES = Path.of("src", "test", "resources", "dev", "weft", "crdt");

  @TestFactory
  Stream<DynamicTest> shouldRefuseUpdatesOrTakeThemInWhole() throws IOException {
    return inputs(
        UpdateFuzz.class, body -> Hostile.apply(Hostile.framed(BinaryFormat.UPDATE, body)));
  }

  @TestFactory
  Stream<DynamicTest> shouldRefuseSnapshotsOrTakeThemInWhole() throws IOException {
    return inputs(
        SnapshotFuzz.class, body -> Hostile.load(Hostile.framed(BinaryFormat.SNAPSHOT, body)));
  }

  @TestFactory
  Stream<DynamicTest> shouldRefuseShallowSnapshotsOrTakeThemInWhole() throws IOException {
    return inputs(
        ShallowFuzz.class, body -> Hostile.load(Hostile.framed(BinaryFormat.SHALLOW, body)));
  }

  @TestFactory
  Stream<DynamicTest> shouldRefuseVersionVectorsOrParseThem() throws IOException {
    return inputs(VersionVectorFuzz.class, Hostile::parseVector);
  }

  private static Stream<DynamicTest> inputs(Class<?> fuzz, Consumer<byte[]> test)
      throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES.resolve(fuzz.getSimpleName() + "Inputs"))) {
      List<Path> inputs = files.filter(Files::isRegularFile).sorted().toList();
      assertThat(inputs).isNotEmpty();
      return inputs.stream()
          .map(
              input ->
                  DynamicTest.dynamicTest(
                      input.getFileName().toString(),
                      () -> test.accept(Files.readAllBytes(input))));
    }
  }
}
