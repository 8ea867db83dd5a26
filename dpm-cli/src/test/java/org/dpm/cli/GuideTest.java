package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.core.Pipeline;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The guide to writing a plugin, docs/extending.md,")
final class GuideTest {

  private static String guide() throws IOException {
    return Files.readString(Path.of("..", "docs", "extending.md"));
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(guide())
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  /** Without indentation and line breaks, which the formatter decides. */
  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }

  private static String sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("..", "dpm-example-plugin", "src"))) {
      List<Path> java = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      StringBuilder all = new StringBuilder();
      for (Path file : java) {
        all.append(Files.readString(file)).append('\n');
      }
      return plain(all.toString());
    }
  }

  @Test
  @DisplayName("shows the code of the example plugin")
  void showsItsCode() throws IOException {
    String sources = sources();
    assertThat(blocks("java"))
        .hasSize(6)
        .allSatisfy(block -> assertThat(sources).contains(plain(block)));
  }

  @Test
  @DisplayName("has a path of at most 15 lines of code")
  void pathIsShort() throws IOException {
    List<String> code =
        blocks("java").get(0).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    // A line that only closes a brace or comments says nothing.
    assertThat(code.stream().filter(line -> !line.equals("}") && !line.startsWith("/**")).toList())
        .hasSizeLessThanOrEqualTo(15);
  }

  @Test
  @DisplayName("sets what a pipeline has, and has a recipe for every type of part")
  void setsWhatThereIs() throws IOException {
    Set<String> settings =
        Arrays.stream(Pipeline.class.getRecordComponents())
            .map(component -> component.getName())
            .collect(Collectors.toSet());
    Set<String> shown =
        blocks("yaml").stream()
            .flatMap(String::lines)
            .filter(line -> line.matches("[a-zA-Z]+:.*"))
            .map(line -> line.substring(0, line.indexOf(':')))
            .collect(Collectors.toSet());
    shown.removeAll(Set.of("kind", "priors", "strength"));
    assertThat(settings).containsAll(shown);
    assertThat(Pattern.compile("(?m)^### .*").matcher(guide()).results().count())
        .as("recipes")
        .isEqualTo(Extension.TYPES.size());
  }

  @Test
  @DisplayName("pins the versions of this build, and states the API that there is")
  void pinsVersions() throws IOException {
    String pom = blocks("xml").get(0);
    String parent = Files.readString(Path.of("..", "pom.xml"));
    List<MatchResult> plugins =
        Pattern.compile("<artifactId>(maven-[a-z-]+)</artifactId>\\s*<version>(.*?)</version>")
            .matcher(pom)
            .results()
            .toList();
    assertThat(plugins).hasSize(7);
    for (MatchResult plugin : plugins) {
      assertThat(plain(parent))
          .contains(
              "<artifactId>%s</artifactId> <version>%s</version>"
                  .formatted(plugin.group(1), plugin.group(2)));
    }
    assertThat(pom)
        .contains("<DPM-API-Version>" + DpmPlugin.API_VERSION + "</DPM-API-Version>")
        .contains("<dpm.api.version>" + DpmPlugin.API_VERSION + "</dpm.api.version>");
    String version =
        Pattern.compile("<version>(.*?)</version>")
            .matcher(parent)
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    assertThat(
            Pattern.compile(
                    "<groupId>org.dpm</groupId>\\s*<artifactId>(.*?)</artifactId>\\s*<version>(.*?)</version>")
                .matcher(pom)
                .results())
        .hasSize(2)
        .allSatisfy(dependency -> assertThat(dependency.group(2)).isEqualTo(version));
  }
}
