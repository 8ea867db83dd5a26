package org.dpm.cli;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.cli.picture.SampleSheet;
import org.dpm.cli.table.SampleWriter;
import org.dpm.cli.table.SampleWriter.Samples;
import org.dpm.core.Model;

/**
 * Images, what was left of them, and what was drawn to restore them; all in data units.
 *
 * @param original as they were; what a person sees as the truth
 * @param damaged what was known of them
 * @param restored what is shown for them
 * @param draws [images][draws][elements]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Restoration(Images original, float[][] damaged, float[][] restored, float[][][] draws) {

  private static final List<String> COLUMNS = List.of("original", "damaged", "restored", "a draw");

  /** The draws' standard deviation, element by element: there is none of one draw. */
  private static final String DEVIATION = "deviation";

  /** So many images are shown at most. */
  private static final int SHOWN = 20;

  /** Of which the mean of each image's draws is shown. */
  static Restoration byMeans(Images original, float[][] damaged, float[][][] draws) {
    return new Restoration(original, damaged, means(draws), draws);
  }

  /** The mean of each image's draws. */
  float[][] means() {
    return means(draws);
  }

  private static float[][] means(float[][][] draws) {
    return Arrays.stream(draws).map(Restoration::mean).toArray(float[][]::new);
  }

  private static float[] mean(float[][] rows) {
    float[] mean = new float[rows[0].length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  /** Above what is shown as black. */
  private static float[] deviation(float[][] rows, float[] mean, double black) {
    double[] squares = new double[mean.length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        squares[i] += Math.pow(row[i] - mean[i], 2) / (rows.length - 1);
      }
    }
    float[] deviation = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      deviation[i] = (float) (black + Math.sqrt(squares[i]));
    }
    return deviation;
  }

  /**
   * Writes a sheet to look at, what was restored and all draws as tables, and each restored image.
   *
   * @param directory receives sheet.png, restored.npz, restored.csv, draws.npz and NAME.png
   */
  void write(Model model, Path directory) throws IOException {
    sheet(model).write(directory.resolve("sheet.png"));
    Samples samples = Draws.described(model, restored);
    SampleWriter.to(directory.resolve("restored.npz")).write(samples);
    SampleWriter.to(directory.resolve("restored.csv")).write(samples);
    float[][] all = Arrays.stream(draws).flatMap(Arrays::stream).toArray(float[][]::new);
    SampleWriter.to(directory.resolve("draws.npz")).write(Draws.described(model, all));
    for (int i = 0; i < restored.length; i++) {
      single(model, restored[i], directory.resolve(original.names().get(i) + ".png"));
    }
  }

  private SampleSheet sheet(Model model) {
    boolean several = draws[0].length > 1;
    List<String> columns = new ArrayList<>(COLUMNS);
    if (several) {
      columns.add(DEVIATION);
    }
    float[][] means = means();
    List<float[]> cells = new ArrayList<>();
    double black = model.data().minimum();
    for (int i = 0; i < Math.min(SHOWN, restored.length); i++) {
      cells.add(original.values()[i]);
      cells.add(damaged[i]);
      cells.add(restored[i]);
      cells.add(draws[i][0]);
      if (several) {
        cells.add(deviation(draws[i], means[i], black));
      }
    }
    Shape element = model.data().summary().element();
    return new SampleSheet(
        columns,
        cells.toArray(new float[0][]),
        (int) element.get(0),
        (int) element.get(1),
        (int) element.get(2),
        black,
        model.data().maximum());
  }

  private static void single(Model model, float[] image, Path file) throws IOException {
    Shape element = model.data().summary().element();
    SampleSheet.writeImage(
        image,
        (int) element.get(0),
        (int) element.get(1),
        (int) element.get(2),
        model.data().minimum(),
        model.data().maximum(),
        file);
  }

  /** Mean square of the difference from the original, over the elements that were damaged. */
  double meanSquaredError(float[][] guess, boolean[] damagedElements) {
    double sum = 0;
    long count = 0;
    for (int i = 0; i < guess.length; i++) {
      for (int j = 0; j < guess[i].length; j++) {
        if (damagedElements[j]) {
          sum += Math.pow(guess[i][j] - original.values()[i][j], 2);
          count++;
        }
      }
    }
    return sum / count;
  }
}
