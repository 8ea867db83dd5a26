package org.dpm.report.picture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dpm.api.InvalidInput;
import org.dpm.data.table.SampleWriter.Format;
import org.dpm.data.table.SampleWriter.Samples;

/** All samples as images on one sheet, or as points where they have two coordinates. */
public final class ImageSheet implements Format {

  @Override
  public String extension() {
    return ".png";
  }

  @Override
  public void write(Samples samples, Path file) throws IOException {
    List<Integer> element = samples.element();
    if (element.equals(List.of(2))) {
      new PointCloud(samples.columns(), samples.values()).write(file);
      return;
    }
    if (element.size() != 3 || (element.get(0) != 1 && element.get(0) != 3)) {
      throw new InvalidInput(
          "%s: pictures are of images, [1 or 3, height, width], or of points, [2], but these samples have %s. Write them to a .csv or .npz file."
              .formatted(file, element));
    }
    if (samples.values().length == 0) {
      throw new InvalidInput(file + ": there is no sample to show; ask for at least 1.");
    }
    new SampleSheet(
            "",
            samples.values(),
            element.get(0),
            element.get(1),
            element.get(2),
            samples.black(),
            samples.white())
        .write(file);
  }
}
