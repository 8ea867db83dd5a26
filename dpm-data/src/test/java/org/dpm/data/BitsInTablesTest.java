package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Stage;
import org.dpm.data.CsvData.Header;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A table, for a kernel that takes 0 and 1 only,")
class BitsInTablesTest {

  /** What such a kernel says of itself; nothing is diffused here. */
  private static final class OnlyBits implements ForwardKernel {

    @Override
    public boolean standardises() {
      return false;
    }

    @Override
    public boolean supports(double value) {
      return value == 0 || value == 1;
    }

    @Override
    public Distribution stationary(NDArray like) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }
  }

  private final Path folder;

  BitsInTablesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private void check(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("bits.csv"), text);
    DataSource source =
        new CsvData(
            new CsvData.Settings(
                file, ",", Header.AUTO, List.of(), Examples.HELD_OUT, 1, Optional.empty()));
    org.dpm.core.Examples examples = new org.dpm.core.Examples(source);
    examples.check(new OnlyBits(), examples.describe(1));
  }

  @Test
  @DisplayName("is taken when it holds nothing else, a constant column too")
  void taken() {
    assertThatCode(() -> check("wet,cold\n0,1\n1,1\n0,1\n1.0,1\n0,1\n")).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("is refused otherwise, with the line and the column of each such value")
  void refused() {
    assertThatThrownBy(() -> check("wet,cold\n0,1\n1,0.5\n0,0\n2,1\n1,1\n"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("bits.csv:3: 'cold' is 0.5, which the kernel cannot take.")
        .hasMessageContaining("bits.csv:5: 'wet' is 2, which the kernel cannot take.");
  }
}
