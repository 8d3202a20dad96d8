package dev.weft.desktop.binding;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The binding can be taken alone: it knows Swing and the client, not the editor nor its libraries.
 */
@AnalyzeClasses(
    packages = "dev.weft.desktop.binding",
    importOptions = BindingArchitectureTest.Shipped.class)
class BindingArchitectureTest {
  @ArchTest
  static final ArchRule bindingStandsAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.swing..",
              "org.jspecify..",
              "dev.weft.crdt..",
              "dev.weft.client..",
              "dev.weft.desktop.binding..");

  /** Whatever the build directory is called. */
  static final class Shipped implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/");
    }
  }
}
