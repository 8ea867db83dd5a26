package org.dpm.report;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;

/** Examples that are images, grey or in colour. */
final class ImageExhibit implements Exhibit {

  private static final int COLUMNS = 8;
  private static final int SHOWN = 64;

  /**
   * Bytes that the moving images of one direction may take before they are packed: noise is not.
   */
  private static final int BYTES = 400_000;

  private final Model model;
  private final Sprite sprite;
  private final int moving;
  private final int frames;

  ImageExhibit(Model model) {
    this.model = model;
    DataDescription data = model.data();
    Shape element = model.layout().shape();
    int axes = element.dimension();
    int height = (int) element.get(axes - 2);
    int width = (int) element.get(axes - 1);
    int channels = axes == 3 ? (int) element.get(0) : 1;
    double white = data.maximum() > data.minimum() ? data.maximum() : data.minimum() + 1;
    sprite = new Sprite(channels, height, width, data.minimum(), white);
    int size = channels * height * width;
    moving = size <= 1024 ? 16 : size <= 8192 ? 9 : 4;
    frames = Math.max(5, Math.min(41, BYTES / (moving * size)));
  }

  @Override
  public String beside(float[][] data, float[][] samples) {
    String left = data.length == 0 ? "" : sheet("Data, held out", data);
    return left + sheet("Samples of the model", samples);
  }

  @Override
  public String samples(float[][] samples) {
    return sheet("Samples of the model", samples);
  }

  private String sheet(String title, float[][] images) {
    float[][] some = Arrays.copyOf(images, Math.min(SHOWN, images.length));
    String caption = "%s (%d images)".formatted(title, some.length);
    return Exhibit.figure(
        caption,
        "<img class=\"pixels\" alt=\"%s\" width=\"%d\" height=\"%d\" src=\"%s\">"
            .formatted(
                caption,
                COLUMNS * sprite.width(),
                (some.length + COLUMNS - 1) / COLUMNS * sprite.height(),
                sprite.url(some, COLUMNS)));
  }

  @Override
  public Trajectory trajectory(float[][] data, Trajectory.Draw draw) {
    return Trajectory.of(
        model, data, draw, moving, frames, x -> Trajectory.rows(model.layout().toData(x), x));
  }

  @Override
  public Map<String, Object> film(Trajectory trajectory) {
    return Map.of(
        "view", "images",
        "width", sprite.width(),
        "height", sprite.height(),
        "count", moving,
        "forward", strip(trajectory.forward()),
        "reverse", strip(trajectory.reverse()));
  }

  /** A row for each image, a column for each step. */
  private String strip(List<float[][]> seen) {
    List<float[]> images = new ArrayList<>();
    int count = seen.isEmpty() ? 0 : seen.get(0).length;
    for (int i = 0; i < count; i++) {
      for (float[][] step : seen) {
        images.add(step[i]);
      }
    }
    return images.isEmpty() ? "" : sprite.url(images.toArray(float[][]::new), seen.size());
  }
}
