package org.dpm.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.api.Diffusion;
import org.dpm.api.DpmPlugin;
import org.dpm.networks.trespass.Trespasser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Dependencies between modules")
final class DependenciesTest {

  /** Each module, which is a package below org.dpm, and the modules that it may see. */
  private static final Map<String, Set<String>> MAY_SEE =
      Map.ofEntries(
          entry("api", Set.of()),
          entry("engine", Set.of("api")),
          entry("standard", Set.of("api", "engine")),
          entry("gaussian", Set.of("api", "engine")),
          entry("binomial", Set.of("api", "engine")),
          entry("categorical", Set.of("api")),
          entry("networks", Set.of("api", "engine")),
          entry("data", Set.of("api")),
          entry("core", Set.of("api", "engine")),
          entry("testkit", Set.of("api", "engine", "core")),
          entry("evaluation", Set.of("api", "engine", "core")),
          entry("posterior", Set.of("api", "engine", "core", "data")),
          entry("training", Set.of("api", "engine", "core", "evaluation")),
          entry(
              "report",
              Set.of("api", "engine", "core", "data", "evaluation", "posterior", "training")),
          entry("examples", Set.of()),
          entry("example", Set.of("api")),
          entry(
              "cli",
              Set.of(
                  "api",
                  "core",
                  "data",
                  "evaluation",
                  "posterior",
                  "training",
                  "report",
                  "examples")));

  /** Not on the class path, where the command line would find its kernels installed. */
  private static final Path EXAMPLE = Path.of("..", "dpm-example-plugin", "target", "classes");

  private static final JavaClasses CLASSES = classes();

  private static JavaClasses classes() {
    Set<Location> all = new HashSet<>(Locations.ofPackage("org.dpm"));
    all.add(Location.of(EXAMPLE));
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importLocations(all);
  }

  static Stream<String> modules() {
    return MAY_SEE.keySet().stream().sorted();
  }

  private static ArchRule arrowsOf(String module) {
    Set<String> others = new TreeSet<>(MAY_SEE.keySet());
    others.removeAll(MAY_SEE.getOrDefault(module, Set.of()));
    others.remove(module);
    return noClasses()
        .that()
        .resideInAPackage("org.dpm." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others.stream().map(m -> "org.dpm." + m + "..").toArray(String[]::new))
        .because("dependencies point one way: all see the API, and none sees the command line")
        .allowEmptyShould(true);
  }

  private static String moduleOf(JavaClass type) {
    return type.getPackageName().split("\\.", -1)[2];
  }

  /** The directory or jar that a class was read from. */
  private static String placeOf(JavaClass type) {
    String file = type.getSource().orElseThrow().getUri().toString();
    return file.substring(0, file.lastIndexOf(type.getPackageName().replace('.', '/')));
  }

  @Test
  @DisplayName("do not lead to factors whose memory is let go of before the backward pass")
  void factorsLive() {
    for (String operation : List.of("mul", "div", "pow", "maximum", "minimum")) {
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.dpm.api..",
              "org.dpm.engine..",
              "org.dpm.standard..",
              "org.dpm.gaussian..",
              "org.dpm.binomial..",
              "org.dpm.categorical..",
              "org.dpm.categorical..",
              "org.dpm.networks..",
              "org.dpm.posterior.priors..")
          .should()
          .callMethod(NDArray.class, operation, Number.class)
          .because("x." + operation + "(number(x, 2)) of Numbers is safe where gradients are taken")
          .check(CLASSES);
    }
  }

  @Test
  @DisplayName("are looked at in all classes, and no module is unknown to this test")
  void classesAreFound() {
    assertThat(CLASSES.contain(Diffusion.class)).isTrue();
    assertThat(CLASSES.contain(Trespasser.class)).isFalse();
    assertThat(CLASSES.stream().map(DependenciesTest::moduleOf).collect(Collectors.toSet()))
        .isEqualTo(MAY_SEE.keySet());
  }

  @ParameterizedTest(name = "of {0} point one way")
  @MethodSource("modules")
  void arrowsPointOneWay(String module) {
    arrowsOf(module).check(CLASSES);
  }

  private static ArchRule pytorchIsUsedBy(String module) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("org.dpm." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.pytorch..")
        .because("what DJL's binding promises nobody is asked for in one place");
  }

  @Test
  @DisplayName("on the binding of PyTorch are the engine module's alone")
  void engineIsAlone() {
    pytorchIsUsedBy("engine").check(CLASSES);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> pytorchIsUsedBy("core").check(CLASSES))
        .withMessageContaining("TorchScript");
  }

  @Test
  @DisplayName("within the report point from the page to what it uses, never back")
  void pagesComeLast() {
    noClasses()
        .that()
        .resideInAPackage("org.dpm.report.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.dpm.report")
        .check(CLASSES);
  }

  @Test
  @DisplayName("are refused where they point the other way")
  void trespassersAreCaught() {
    JavaClasses trespasser = new ClassFileImporter().importClasses(Trespasser.class);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> arrowsOf("networks").check(trespasser))
        .withMessageContaining("Trespasser.finish");
  }

  @Test
  @DisplayName("respect what is package-private: no package is spread over two modules")
  void packagesHaveOneHome() {
    Map<String, Set<String>> homes =
        CLASSES.stream()
            .collect(
                Collectors.groupingBy(
                    JavaClass::getPackageName,
                    Collectors.mapping(DependenciesTest::placeOf, Collectors.toSet())));
    assertThat(homes).isNotEmpty().allSatisfy((name, places) -> assertThat(places).hasSize(1));
  }

  @Test
  @DisplayName("on parts of the pipeline go through the API: only their plugin is public")
  void partsArePrivate() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAnyPackage(
            "org.dpm.standard..",
            "org.dpm.gaussian..",
            "org.dpm.binomial..",
            "org.dpm.categorical..",
            "org.dpm.networks..",
            "org.dpm.data",
            "org.dpm.posterior.priors..")
        .and()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .should()
        .implement(DpmPlugin.class)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  @DisplayName("do not lead from the host to families or kinds: it asks interfaces")
  void hostKnowsNoFamilies() throws IOException {
    Pattern families = Pattern.compile("instanceof (DiagonalGaussian|Bernoulli)");
    List<String> kinds =
        List.of("gaussian", "binomial", "categorical", "mixed", "mlp", "unet", "rbf", "ancestral");
    for (String module :
        List.of("core", "data", "evaluation", "posterior", "training", "report", "cli")) {
      try (Stream<Path> files = Files.walk(Path.of("..", "dpm-" + module, "src", "main", "java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String source = Files.readString(file);
          assertThat(families.matcher(source).find()).as("families in %s", file).isFalse();
          // What a plugin in a module of the host calls its own parts is its own business.
          boolean plugin =
              file.getFileName().toString().endsWith("Plugin.java")
                  || String.valueOf(file.getParent()).endsWith("priors");
          if (!plugin) {
            assertThat(source)
                .as("kinds in %s", file)
                .doesNotContain(kinds.stream().map(kind -> "\"" + kind + "\"").toList());
          }
        }
      }
    }
  }
}
