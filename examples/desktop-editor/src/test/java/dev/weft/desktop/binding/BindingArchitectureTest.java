package dev.weft.desktop.binding;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The binding can be taken alone: it knows Swing and the client, not the editor nor its libraries.
 */
@AnalyzeClasses(packages = "dev.weft.desktop.binding", importOptions = DoNotIncludeTests.class)
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
}
