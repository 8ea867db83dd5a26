package org.dpm.api;

import ai.djl.ndarray.types.Shape;

/**
 * What a network is asked and has to answer.
 *
 * @param element shape of x_t without the batch axis, such as [2] or [1, 28, 28]
 * @param outputs numbers to give for each element, at least one
 * @param condition how many numbers of a condition y there are; 0 for none
 */
public record Signature(Shape element, int outputs, int condition) {

  public Signature {
    if (outputs < 1) {
      throw new IllegalArgumentException("outputs must be at least 1, but are " + outputs);
    }
    if (condition < 0) {
      throw new IllegalArgumentException("condition must be 0 or more, but is " + condition);
    }
  }

  /** Without a condition. */
  public Signature(Shape element, int outputs) {
    this(element, outputs, 0);
  }

  /** Whether the network is told a condition. */
  public boolean conditional() {
    return condition > 0;
  }

  /** The shapes of the arrays that the block is called with, for one example. */
  public Shape[] inputs() {
    Shape x = new Shape(1).addAll(element);
    return conditional()
        ? new Shape[] {x, new Shape(1), new Shape(1, condition + 1)}
        : new Shape[] {x, new Shape(1)};
  }
}
