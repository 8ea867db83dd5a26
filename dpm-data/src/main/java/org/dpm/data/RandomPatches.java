package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;

/**
 * Squares cut out of images at random, every place in every image as likely as every other.
 *
 * <p>Training patches are other ones at each reading. Held-out patches are the same at each, and
 * come from other images or from other rows of the images, so that no pixel is in both sets.
 */
final class RandomPatches implements ImageExamples {

  private static final int COUNT = 20_000;
  private static final int HELD_OUT = 5000;

  private final Shape element;
  private final long seed;
  private final PatchPlaces training;
  private final PatchPlaces heldOut;

  private RandomPatches(Shape element, long seed, PatchPlaces training, PatchPlaces heldOut) {
    this.element = element;
    this.seed = seed;
    this.training = training;
    this.heldOut = heldOut;
  }

  /**
   * @throws org.dpm.api.InvalidInput if a patch does not fit into each image, or its part
   */
  static RandomPatches of(
      PictureSet training, Optional<PictureSet> heldOut, ImageFolder.Settings settings) {
    int side = settings.patch().orElseThrow();
    // Rows above are learnt from, the others held out, unless whole images are.
    double last = heldOut.isPresent() ? 1 : 1 - settings.heldOut();
    double first = heldOut.isPresent() ? 0 : last;
    int count = settings.count().orElse(COUNT);
    int heldOutCount = settings.heldOutCount().orElse(HELD_OUT);
    return new RandomPatches(
        new Shape(settings.colours().channels(), side, side),
        settings.seed(),
        new PatchPlaces(training, 0, last, side, count),
        new PatchPlaces(heldOut.orElse(training), first, 1, side, heldOutCount));
  }

  private PatchPlaces part(Split split) {
    return switch (split) {
      case TRAINING -> training;
      case HELD_OUT -> heldOut;
    };
  }

  @Override
  public Shape element() {
    return element;
  }

  @Override
  public int count(Split split) {
    return part(split).count();
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    Noise where = split == Split.TRAINING ? noise : Noise.of(seed, "held-out patch").from(index);
    part(split).cut(where, target, offset);
  }

  @Override
  public String place(Split split, int index) {
    return "%s: patch %d".formatted(part(split).folder().path(), index);
  }
}
