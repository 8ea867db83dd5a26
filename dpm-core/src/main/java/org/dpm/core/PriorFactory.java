package org.dpm.core;

import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;

/** Builds a prior that another one's settings hold, such as a factor of a product. */
@FunctionalInterface
public interface PriorFactory {

  /**
   * For the same model.
   *
   * @throws InvalidInput if it refuses its settings or the model, or cannot be built
   */
  Prior create(Component<Prior> prior);
}
