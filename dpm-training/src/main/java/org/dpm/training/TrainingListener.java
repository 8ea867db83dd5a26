package org.dpm.training;

import java.util.OptionalDouble;

/** Is told how training goes, in the thread that trains. */
public interface TrainingListener {

  /**
   * After an update.
   *
   * @param done share of the training that is over, 0 to 1
   * @param update how many there have been
   * @param boundBits the last held-out K, in bits per example and z-scored units
   */
  void updated(double done, long update, OptionalDouble boundBits);

  /** Asked after every update: whether to end as if the time were over. */
  default boolean isStopAsked() {
    return false;
  }
}
