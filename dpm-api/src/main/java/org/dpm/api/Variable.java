package org.dpm.api;

import ai.djl.ndarray.types.Shape;

/**
 * A named part of an example: a column of a table, or a whole image.
 *
 * @param name unique among the variables of a source
 * @param shape of its cells: () for a column, [channels, height, width] for an image
 * @param pooled how many trailing axes hold cells of one kind, which share centre and scale: 2 for
 *     the pixels of an image, of which each channel then has its own; 0 where every cell has
 */
public record Variable(String name, Shape shape, Space space, Role role, int pooled) {

  /** What a variable is to a model. */
  public enum Role {
    /** It is learned and drawn. */
    MODELLED,
    /** It is told to the model: a condition. */
    GIVEN
  }

  public Variable {
    if (pooled < 0 || pooled > shape.dimension()) {
      throw new IllegalArgumentException(
          "pooled must be 0 to %d, the axes of %s, but is %d"
              .formatted(shape.dimension(), shape, pooled));
    }
  }

  /** A column that is modelled. */
  public static Variable column(String name, Space space) {
    return new Variable(name, new Shape(), space, Role.MODELLED, 0);
  }

  /** An array that is modelled: an image where it has two axes or more, whose pixels are alike. */
  public static Variable array(String name, Shape shape, Space space) {
    int pooled = shape.dimension() >= 2 ? 2 : 0;
    return new Variable(name, shape, space, Role.MODELLED, pooled);
  }

  /** How many cells it has. */
  public int size() {
    return Math.toIntExact(shape.size());
  }
}
