package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;

/** How the images of a folder become examples. */
interface ImageExamples {

  /** [channels, height, width]. */
  Shape element();

  int count(Split split);

  /** Unpacks one example; what is random about it is drawn from the noise. */
  void read(Split split, int index, Noise noise, float[] target, int offset);

  String place(Split split, int index);
}
