package org.denseflow.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which package of the jobs may use which. */
class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.denseflow");

  @Test
  void noPackageIsPartOfACircle() {
    slices().matching("org.denseflow.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** Readers of datasets and planning know no job; what jobs share knows none of them. */
  @Test
  void whatJobsShareKnowsNoJob() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.denseflow.jobs.dataset", "org.denseflow.jobs.plan", "org.denseflow.jobs.run")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.denseflow.jobs.compare",
            "org.denseflow.jobs.describe",
            "org.denseflow.jobs.evaluate",
            "org.denseflow.jobs.flow",
            "org.denseflow.jobs.masks",
            "org.denseflow.jobs.projection",
            "org.denseflow.jobs.report",
            "org.denseflow.jobs.synthesis",
            "org.denseflow.jobs.training",
            "org.denseflow.jobs.transfer")
        .check(CLASSES);
  }

  @Test
  void theEngineIsFreeOfSparkAndHadoop() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.denseflow.jobs..", "")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "org.denseflow.jobs..")
        .check(CLASSES);
  }
}
