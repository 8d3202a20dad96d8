package dev.weft.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The arrows between the modules, what the CRDT keeps clear of, and names, over all that ships. It
 * stands here because only the command sees every module.
 */
@AnalyzeClasses(packages = "dev.weft", importOptions = ArchitectureTest.Shipped.class)
class ArchitectureTest {
  /** What each module may know beside itself. */
  private static final Map<String, String[]> ARROWS =
      Map.of(
          "crdt", modules(),
          "store", modules("crdt"),
          "protocol", modules("crdt"),
          "client", modules("crdt", "store", "protocol"),
          "relay", modules("crdt", "store", "protocol"),
          "cluster", modules("crdt", "store", "protocol", "relay"),
          "desktop", modules("crdt", "store", "protocol", "client"),
          "cli", modules("crdt", "store", "protocol", "client", "relay", "cluster", "desktop"));

  @ArchTest
  static void arrowsPointOneWayOnly(JavaClasses shipped) {
    ARROWS.forEach(
        (module, known) ->
            noClasses()
                .that()
                .resideInAPackage(root(module))
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage("dev.weft..")
                        .and(not(resideInAnyPackage(root(module))))
                        .and(not(resideInAnyPackage(known))))
                .check(shipped));
  }

  @ArchTest
  static void everyClassBelongsToModule(JavaClasses shipped) {
    String[] roots = ARROWS.keySet().stream().map(ArchitectureTest::root).toArray(String[]::new);
    classes().should().resideInAnyPackage(roots).check(shipped);
  }

  @ArchTest
  static void everyModuleIsSeen(JavaClasses shipped) {
    assertThat(ARROWS.keySet())
        .allSatisfy(module -> assertThat(shipped.containPackage("dev.weft." + module)).isTrue());
  }

  @ArchTest
  static final ArchRule crdtNeedsOnlyJavaItself =
      classes()
          .that()
          .resideInAPackage("dev.weft.crdt..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.weft.crdt..",
              "java.io..",
              "java.lang..",
              "java.math..",
              "java.nio..",
              "java.text..",
              "java.time..",
              "java.util..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule crdtStaysPortable =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.crdt..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.lang.reflect..", "java.util.logging..")
                  .or(belongToAnyOf(VarHandle.class, ServiceLoader.class)));

  @ArchTest
  static final ArchRule crdtOpensNoThread =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.crdt..")
          .should()
          .dependOnClassesThat(
              belongToAnyOf(Thread.class).or(resideInAnyPackage("java.util.concurrent..")));

  @ArchTest
  static final ArchRule crdtReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.crdt..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.time..");

  @ArchTest
  static final ArchRule namesSayWhatThingIs =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)");

  private static String[] modules(String... names) {
    return Arrays.stream(names).map(ArchitectureTest::root).toArray(String[]::new);
  }

  private static String root(String module) {
    return "dev.weft." + module + "..";
  }

  /** Production classes only: not the tests' own, nor the published test fixtures. */
  static final class Shipped implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
