package org.dpm.api;

import java.util.List;

/** What values a variable can have. Sources and files hold one number, a cell, for each value. */
public sealed interface Space {

  /**
   * Numbers on the line, which the host z-scores before a kernel sees them.
   *
   * @param grain width of the interval that one stored value stands for, where the data are whole
   *     numbers to which uniform noise of that width has been added (one grey level); 0 for data
   *     that have a density
   */
  record Real(double grain) implements Space {
    public Real {
      if (!(grain >= 0) || Double.isInfinite(grain)) {
        throw new IllegalArgumentException("grain must be 0 or more, but is " + grain);
      }
    }
  }

  /** 0 or 1. */
  record Bit() implements Space {}

  /**
   * One of several names without order; a cell is the index of its label.
   *
   * @param labels at least two, all different
   */
  record Category(List<String> labels) implements Space {
    public Category {
      labels = List.copyOf(labels);
      if (labels.size() < 2 || labels.stream().distinct().count() < labels.size()) {
        throw new IllegalArgumentException(
            "labels must be at least 2, all different, but are " + labels);
      }
    }
  }

  /**
   * Numbers of which those a period apart are the same: angles, times of day.
   *
   * @param period positive
   */
  record Circle(double period) implements Space {
    public Circle {
      if (!(period > 0) || Double.isInfinite(period)) {
        throw new IllegalArgumentException("period must be positive, but is " + period);
      }
    }
  }

  /** Whether a cell can have this value, in data units. */
  default boolean contains(double cell) {
    if (this instanceof Bit) {
      return cell == 0 || cell == 1;
    } else if (this instanceof Category category) {
      return cell == Math.rint(cell) && cell >= 0 && cell < category.labels().size();
    }
    return Double.isFinite(cell);
  }

  /** In words, for messages: {@code numbers}, {@code bits}, {@code categories}, {@code angles}. */
  default String title() {
    if (this instanceof Bit) {
      return "bits";
    } else if (this instanceof Category) {
      return "categories";
    }
    return this instanceof Circle ? "angles" : "numbers";
  }
}
