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
import org.dpm.report.picture.SampleSheet;

/** What a run leaves to look at, by the shape of its data. */
public final class Pictures {

  private static final int SHEET = 100;

  private final Model model;
  private final String title;
  private final Path directory;
  private final List<Path> written = new ArrayList<>();

  public Pictures(Model model, String title, Path directory) {
    this.model = model;
    this.title = title;
    this.directory = directory;
  }

  /** Every file so far. */
  public List<Path> written() {
    return written;
  }

  /** Samples as a sheet of images, or as a table. */
  public void samples(Samples samples) throws IOException {
    Shape element = model.layout().shape();
    boolean image = element.dimension() == 3 && (element.get(0) == 1 || element.get(0) == 3);
    if (!image) {
      Path table = add("samples.csv");
      SampleWriter.to(table).write(samples);
      return;
    }
    float[][] few = Arrays.copyOf(samples.values(), Math.min(SHEET, samples.values().length));
    new SampleSheet(
            title + ": samples",
            few,
            (int) element.get(0),
            (int) element.get(1),
            (int) element.get(2),
            samples.black(),
            samples.white())
        .write(add("samples.png"));
  }

  private Path add(String name) {
    Path file = directory.resolve(name);
    written.add(file);
    return file;
  }
}
