package org.dpm.posterior.images;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.data.image.ImageLevels;

/**
 * Images of a model's shape, in data units.
 *
 * @param names what each is called in names of files
 * @param values [n][channels * height * width]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Images(List<String> names, float[][] values) {

  /**
   * Refuses models of anything else.
   *
   * @throws InvalidInput if the model's examples have not the shape of images
   */
  public static void check(Model model) {
    Shape element = model.layout().shape();
    if (element.dimension() != 3 || (element.get(0) != 1 && element.get(0) != 3)) {
      throw new InvalidInput(
          "this is a model of examples of shape %s; images have [1 or 3, height, width]."
              .formatted(element));
    }
  }

  /** The first held-out examples of a data source. */
  public static Images heldOut(DataSource source, int count, long seed) {
    int size = source.variables().size();
    float[][] values = new float[count][size];
    List<String> names = new ArrayList<>();
    Noise noise = Noise.of(seed, "images");
    for (int i = 0; i < count; i++) {
      source.read(Split.HELD_OUT, i, noise.from(i), values[i], 0);
      names.add("held-out-" + i);
    }
    return new Images(names, values);
  }

  /**
   * Reads files.
   *
   * @throws InvalidInput if one is no image, or has another shape than the model's
   */
  public static Images read(Model model, List<Path> files) {
    List<String> names = new ArrayList<>();
    float[][] values = new float[files.size()][];
    for (int i = 0; i < values.length; i++) {
      Path file = files.get(i);
      int[] levels = ImageLevels.read(file, model.layout().shape());
      values[i] = inDataUnits(model.data(), levels);
      String name = String.valueOf(file.getFileName());
      names.add(name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name);
    }
    return new Images(names, values);
  }

  /** Black is the smallest value of the training data, white the largest. */
  private static float[] inDataUnits(DataDescription data, int[] levels) {
    float[] values = new float[levels.length];
    for (int i = 0; i < levels.length; i++) {
      values[i] = (float) (data.minimum() + (data.maximum() - data.minimum()) * levels[i] / 255);
    }
    return values;
  }

  /** These images without what is hidden, which is NaN. */
  public float[][] without(boolean[] hidden) {
    float[][] seen = new float[values.length][];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = values[i].clone();
      for (int j = 0; j < hidden.length; j++) {
        seen[i][j] = hidden[j] ? Float.NaN : seen[i][j];
      }
    }
    return seen;
  }

  /**
   * These images with white noise.
   *
   * @param sigma its standard deviation
   * @param seed the same seed adds the same
   */
  public float[][] noisy(double sigma, long seed) {
    float[][] noisy = new float[values.length][];
    for (int i = 0; i < values.length; i++) {
      Noise noise = Noise.of(seed, "damage").from(i);
      noisy[i] = values[i].clone();
      for (int j = 0; j < noisy[i].length; j++) {
        noisy[i][j] += (float) (sigma * noise.gaussian());
      }
    }
    return noisy;
  }
}
