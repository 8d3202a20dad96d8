package dev.weft.desktop.presence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Presence can be taken with the binding and the ranges: it knows neither the editor nor its
 * libraries.
 */
@AnalyzeClasses(
    packages = "dev.weft.desktop.presence",
    importOptions = PresenceArchitectureTest.Shipped.class)
class PresenceArchitectureTest {
  @ArchTest
  static final ArchRule presenceNeedsNoMoreThanBindingAndRanges =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.swing..",
              "javax.accessibility..",
              "org.jspecify..",
              "dev.weft.crdt..",
              "dev.weft.client..",
              "dev.weft.desktop.binding..",
              "dev.weft.desktop.presence..",
              "dev.weft.desktop.ranges..");

  /** Whatever the build directory is called. */
  static final class Shipped implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/");
    }
  }
}
