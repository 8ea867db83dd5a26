package org.dpm.networks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;

/** Parameters as the networks of this package begin. */
final class Weights {

  private Weights() {}

  /** Normal with the given standard deviation. */
  static Parameter normal(String name, double deviation, Shape shape) {
    return of(name, Parameter.Type.WEIGHT, new NormalInitializer((float) deviation), shape);
  }

  /** Zero, of any role. */
  static Parameter zero(String name, Parameter.Type type, Shape shape) {
    return of(name, type, Initializer.ZEROS, shape);
  }

  private static Parameter of(
      String name, Parameter.Type type, Initializer initializer, Shape shape) {
    return Parameter.builder()
        .setName(name)
        .setType(type)
        .optInitializer(initializer)
        .optShape(shape)
        .build();
  }
}
