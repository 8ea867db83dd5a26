package org.dpm.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.table.SampleWriter;
import org.dpm.data.table.SampleWriter.Samples;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Samples")
final class ImageSheetTest {

  private final Path directory;

  ImageSheetTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Variables array(long... shape) {
    return Variables.of(Variable.array("x", new Shape(shape), new Space.Real(0)));
  }

  @Test
  @DisplayName("in a .png are images on a sheet")
  void pngShowsImages() throws IOException {
    Path file = directory.resolve("samples.png");
    float[][] values = {{0, 8}, {8, 0}};
    SampleWriter.to(file, new ImageSheet()).write(new Samples(values, array(1, 1, 2), 0, 8));
    BufferedImage sheet = ImageIO.read(file.toFile());
    assertThat(sheet.getRGB(4, 4)).isEqualTo(0xFF000000);
    assertThat(sheet.getRGB(4 + 48, 4)).isEqualTo(0xFFFFFFFF);
  }

  @Test
  @DisplayName("of two coordinates in a .png are points")
  void pngShowsPoints() throws IOException {
    Path file = directory.resolve("points.png");
    SampleWriter.to(file, new ImageSheet())
        .write(new Samples(new float[][] {{1, 2}, {3, 1}}, array(2)));
    assertThat(file).isNotEmptyFile();
  }

  @Test
  @DisplayName("that are no images are refused as .png, with what to do")
  void pngNeedsImages() {
    SampleWriter writer = SampleWriter.to(directory.resolve("s.png"), new ImageSheet());
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> writer.write(new Samples(new float[][] {{1, 2, 3}}, array(3))))
        .withMessageContaining("these samples have [3]")
        .withMessageContaining(".csv or .npz");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  @DisplayName("are told of .png among what they can be written to")
  void pngIsOffered() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> SampleWriter.to(Path.of("out/samples.xlsx"), new ImageSheet()))
        .withMessage(
            "out/samples.xlsx: samples cannot be written to a file that ends in .xlsx."
                + " Give it one of these: .csv, .npz, .png.");
  }
}
