package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.data.image.Picture;

/** Every image is an example. */
final class WholeImages implements ImageExamples {

  private final Shape element;
  private final Splits examples;
  private final List<String> training;
  private final List<String> heldOut;

  private WholeImages(Shape element, Splits examples, List<String> training, List<String> heldOut) {
    this.element = element;
    this.examples = examples;
    this.training = training;
    this.heldOut = heldOut;
  }

  /**
   * @throws org.dpm.api.InvalidInput if images differ in size, or there are too few to hold one out
   */
  static WholeImages of(
      PictureSet training, Optional<PictureSet> heldOut, ImageFolder.Settings settings) {
    Picture first = training.pictures().get(0);
    requireSize(training, first, training.names().get(0));
    if (heldOut.isPresent()) {
      PictureSet second = heldOut.get();
      requireSize(second, first, training.folder().path(training.names().get(0)));
      Splits examples = Splits.of(training.images(), second.images());
      return new WholeImages(first.shape(), examples, training.names(), second.names());
    }
    if (training.pictures().size() < 2) {
      throw training
          .folder()
          .invalid("must hold at least 2 images, so that one can be held out, but holds 1");
    }
    Splits examples = Splits.dealt(training.images(), settings.heldOut(), settings.seed());
    return new WholeImages(first.shape(), examples, training.names(), training.names());
  }

  private static void requireSize(PictureSet set, Picture first, Object name) {
    for (int i = 0; i < set.pictures().size(); i++) {
      Picture other = set.pictures().get(i);
      if (!other.shape().equals(first.shape())) {
        throw set.folder()
            .invalid(
                "images differ in size: %s is %s, but %s is %s. Give resize: N to bring each to N x N pixels, or patch: N to learn from squares of N x N cut out of them."
                    .formatted(set.names().get(i), other.size(), name, first.size()));
      }
    }
  }

  @Override
  public Shape element() {
    return element;
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
  }

  @Override
  public String place(Split split, int index) {
    List<String> names = split == Split.TRAINING ? training : heldOut;
    return names.get(examples.row(split, index));
  }
}
