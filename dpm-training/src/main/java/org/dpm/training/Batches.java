package org.dpm.training;

import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.TrainingSettings;

/**
 * What every update learns from. Update number n draws its batch, its timesteps and its noise from
 * (seed, n) alone.
 */
final class Batches {

  private final Examples examples;
  private final TrainingSettings settings;
  private final BatchOrder order;

  Batches(Examples examples, TrainingSettings settings) {
    this.examples = examples;
    this.settings = settings;
    order = new BatchOrder(settings.seed(), examples.source().count(Split.TRAINING));
  }

  /** How many examples an epoch has. */
  int epoch() {
    return order.size();
  }

  /** The batch of an update in data units, row-major. */
  float[] rows(long update) {
    int[] indices = order.batch(update, settings.batch());
    return examples.rows(Split.TRAINING, indices, noise(update).child("reading"));
  }

  Noise noise(long update) {
    return Noise.of(settings.seed(), "training").at(update);
  }
}
