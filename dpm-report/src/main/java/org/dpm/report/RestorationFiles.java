package org.dpm.report;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.core.Model;
import org.dpm.data.table.SampleWriter;
import org.dpm.data.table.SampleWriter.Samples;
import org.dpm.posterior.images.Restoration;
import org.dpm.report.picture.SampleSheet;

/** Restored images to look at and to work with. */
public final class RestorationFiles {

  private static final List<String> COLUMNS = List.of("original", "damaged", "restored", "a draw");

  /** The draws' standard deviation, element by element: there is none of one draw. */
  private static final String DEVIATION = "deviation";

  /** So many images are shown at most. */
  private static final int SHOWN = 20;

  private final Restoration restoration;
  private final Model model;

  public RestorationFiles(Restoration restoration, Model model) {
    this.restoration = restoration;
    this.model = model;
  }

  /**
   * Writes a sheet to look at, what was restored and all draws as tables, and each restored image.
   *
   * @param directory receives sheet.png, restored.npz, restored.csv, draws.npz and NAME.png
   */
  public void write(Path directory) throws IOException {
    sheet().write(directory.resolve("sheet.png"));
    float[][] restored = restoration.restored();
    Samples samples = Draws.described(model, restored);
    SampleWriter.to(directory.resolve("restored.npz")).write(samples);
    SampleWriter.to(directory.resolve("restored.csv")).write(samples);
    float[][] all =
        Arrays.stream(restoration.draws()).flatMap(Arrays::stream).toArray(float[][]::new);
    SampleWriter.to(directory.resolve("draws.npz")).write(Draws.described(model, all));
    for (int i = 0; i < restored.length; i++) {
      single(restored[i], directory.resolve(restoration.original().names().get(i) + ".png"));
    }
  }

  private SampleSheet sheet() {
    boolean several = restoration.draws()[0].length > 1;
    List<String> columns = new ArrayList<>(COLUMNS);
    if (several) {
      columns.add(DEVIATION);
    }
    List<float[]> cells = new ArrayList<>();
    for (int i = 0; i < Math.min(SHOWN, restoration.restored().length); i++) {
      cells.add(restoration.original().values()[i]);
      cells.add(restoration.damaged()[i]);
      cells.add(restoration.restored()[i]);
      cells.add(restoration.draws()[i][0]);
      if (several) {
        cells.add(aboveBlack(restoration.deviation(i)));
      }
    }
    Shape element = model.layout().shape();
    return new SampleSheet(
        columns,
        cells.toArray(new float[0][]),
        (int) element.get(0),
        (int) element.get(1),
        (int) element.get(2),
        model.data().minimum(),
        model.data().maximum());
  }

  private float[] aboveBlack(double[] deviation) {
    float[] shown = new float[deviation.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = (float) (model.data().minimum() + deviation[i]);
    }
    return shown;
  }

  private void single(float[] image, Path file) throws IOException {
    Shape element = model.layout().shape();
    SampleSheet.writeImage(
        image,
        (int) element.get(0),
        (int) element.get(1),
        (int) element.get(2),
        model.data().minimum(),
        model.data().maximum(),
        file);
  }
}
