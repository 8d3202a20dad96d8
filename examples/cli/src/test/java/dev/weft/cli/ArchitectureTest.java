package dev.weft.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
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
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;

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

  private static final String CRDT = root("crdt");

  private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();

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
  static final ArchRule crdtNeedsOnlyJavaBase =
      classes()
          .that()
          .resideInAPackage(CRDT)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(CRDT, "org.jspecify..")
                  .or(describe("are in java.base", ArchitectureTest::isInJavaBase)));

  @ArchTest
  static final ArchRule crdtStaysPortable =
      noClasses()
          .that()
          .resideInAPackage(CRDT)
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.lang.reflect..")
                  .or(belongToAnyOf(VarHandle.class, ServiceLoader.class)));

  @ArchTest
  static final ArchRule crdtOpensNoThread =
      noClasses()
          .that()
          .resideInAPackage(CRDT)
          .should()
          .dependOnClassesThat(
              assignableTo(Thread.class)
                  .or(assignableTo(Executor.class))
                  .or(assignableTo(Timer.class)));

  @ArchTest
  static final ArchRule crdtReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage(CRDT)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.time..");

  @ArchTest
  static final ArchRule namesSayWhatThingIs =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)");

  private static boolean isInJavaBase(JavaClass used) {
    return used.isPrimitive() || JAVA_BASE.contains(used.getBaseComponentType().getPackageName());
  }

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
