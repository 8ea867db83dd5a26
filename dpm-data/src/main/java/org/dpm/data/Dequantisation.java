package org.dpm.data;

import org.dpm.api.Noise;
import org.dpm.api.Space;

/**
 * Makes grey levels continuous. A stored level stands for an interval of width one, and is replaced
 * by a number drawn uniformly from it: a density of whole numbers would grow without bound.
 */
final class Dequantisation {

  /** A byte and sixteen binary places are what single precision holds: nothing is rounded up. */
  private static final double PLACES = 0x1p16;

  private Dequantisation() {}

  /** What levels are: numbers, each for an interval of one level where noise is added. */
  static Space space(boolean dequantise) {
    return new Space.Real(dequantise ? 1 : 0);
  }

  /** Adds a fraction, from 0 to below 1, to each of {@code size} levels from {@code offset} on. */
  static void add(Noise noise, float[] levels, int offset, int size) {
    long places = 0;
    for (int i = 0; i < size; i++) {
      // A number has 53 binary places, enough for three levels.
      places = i % 3 == 0 ? (long) (noise.uniform() * PLACES * PLACES * PLACES) : places >>> 16;
      levels[offset + i] += (places & 0xffff) * (float) (1 / PLACES);
    }
  }
}
