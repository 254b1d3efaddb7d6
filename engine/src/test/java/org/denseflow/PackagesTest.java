package org.denseflow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Data flows one way: which package may use which, and none in a circle. */
class PackagesTest {
  private static final String ROOT = "org.denseflow.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.denseflow");

  /**
   * The packages that each package may use, and they theirs; sub-packages are named by themselves.
   * All may use {@code geometry}.
   */
  private static final Map<String, Set<String>> ALLOWED = allowed();

  private static Map<String, Set<String>> allowed() {
    Map<String, Set<String>> allowed = new HashMap<>();
    allowed.put("image", Set.of());
    allowed.put("config", Set.of());
    allowed.put("weights", Set.of());
    allowed.put("geometry", Set.of());
    allowed.put("graph", Set.of());
    allowed.put("flow", Set.of("image"));
    allowed.put("proposals", Set.of("image"));
    allowed.put("backbone", Set.of("graph", "image", "weights"));
    allowed.put("backbone.dl4j", Set.of("backbone", "image", "weights"));
    allowed.put("backbone.hog", Set.of("backbone", "image"));
    allowed.put("backbone.network", Set.of("backbone", "graph", "image", "weights"));
    allowed.put("correlation", Set.of("backbone"));
    allowed.put("metrics", Set.of("flow", "image", "proposals"));
    allowed.put("synthesis", Set.of("flow", "image"));
    allowed.put(
        "training",
        Set.of("backbone", "flow", "graph", "image", "metrics", "synthesis", "weights"));
    allowed.put(
        "style", Set.of("backbone", "backbone.network", "graph", "image", "training", "weights"));
    Set<String> core =
        Set.of("backbone", "correlation", "flow", "graph", "image", "proposals", "weights");
    allowed.put("matcher", core);
    allowed.put("matcher.nn", Set.of("correlation", "image", "matcher"));
    allowed.put("matcher.projection", Set.of("backbone", "matcher", "weights"));
    Set<String> trained =
        union(core, Set.of("matcher", "metrics", "style", "synthesis", "training"));
    allowed.put(
        "matcher.distillation", union(trained, Set.of("backbone.network", "matcher.projection")));
    allowed.put("matcher.guided", union(trained, Set.of("matcher.sfnet")));
    allowed.put("matcher.proposals", union(trained, Set.of("backbone.hog")));
    allowed.put("matcher.recurrent", trained);
    allowed.put("matcher.sfnet", union(trained, Set.of("matcher.nn")));
    allowed.put(
        "method",
        Set.of(
            "backbone",
            "config",
            "image",
            "matcher",
            "matcher.projection",
            "matcher.sfnet",
            "style",
            "training",
            "weights"));
    allowed.put("transfer", Set.of("backbone", "flow", "image", "matcher", "style"));
    return allowed;
  }

  @Test
  void noPackageIsPartOfACircle() {
    slices().matching("org.denseflow.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packagesUseWhatTheyMay() {
    ALLOWED.forEach(
        (name, others) ->
            noClasses()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .dependOnClassesThat(inOurPackagesBut(name, others))
                .because(name + " may use " + others)
                .check(CLASSES));
  }

  /** Runtimes are services, which {@code method} has no name for either. */
  @Test
  void whatMakesMethodsNamesNoRuntime() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "method")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "backbone.*")
        .check(CLASSES);
  }

  @Test
  void openCvIsUsedByImagesProposalsAndMasks() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "image", ROOT + "proposals", ROOT + "transfer")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco.opencv..")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasARule() {
    Set<String> known = ALLOWED.keySet();
    List<String> without =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ROOT) && !known.contains(name.substring(ROOT.length())))
            .distinct()
            .toList();
    assertThat(without).isEmpty();
  }

  private static DescribedPredicate<JavaClass> inOurPackagesBut(String own, Set<String> others) {
    Set<String> allowed =
        union(others, union(Set.of(own), Set.of("geometry"))).stream()
            .map(ROOT::concat)
            .collect(Collectors.toSet());
    return DescribedPredicate.describe(
        "are in other packages of the engine",
        used -> used.getPackageName().startsWith(ROOT) && !allowed.contains(used.getPackageName()));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return Stream.of(one, other).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }
}
