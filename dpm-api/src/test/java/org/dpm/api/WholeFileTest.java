package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A whole file")
final class WholeFileTest {

  private final Path directory;

  WholeFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  @DisplayName("replaces the old one, and makes the directories above it")
  void replaces() throws IOException {
    Path file = directory.resolve("a/b/c.txt");
    WholeFile.write(file, out -> out.write("old".getBytes(StandardCharsets.UTF_8)));
    WholeFile.write(file, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
    assertThat(file).hasContent("new");
    assertThat(file.getParent())
        .isDirectoryContaining("glob:**.txt")
        .isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  @DisplayName("leaves the old one and nothing else when writing fails half-way")
  void failureLeavesTheOld() throws IOException {
    Path file = Files.writeString(directory.resolve("c.txt"), "old");
    assertThatIOException()
        .isThrownBy(
            () ->
                WholeFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("disk full");
                    }))
        .withMessage("disk full");
    assertThat(file).hasContent("old");
    assertThat(directory.toFile().list()).containsExactly("c.txt");
  }
}
