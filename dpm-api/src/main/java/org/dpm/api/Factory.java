package org.dpm.api;

import java.util.Map;

/** Builds components that the settings of another one hold; a part may ask for it. */
public interface Factory {

  /**
   * With all that the asking part may ask for itself.
   *
   * @throws InvalidInput if the component refuses its settings or the model, or cannot be built
   */
  default <T> T create(Component<T> component) {
    return create(component, Map.of());
  }

  /**
   * With some of it replaced: another {@link ForwardKernel}, or {@link Variables} and {@link
   * DataSummary} of some variables only.
   *
   * @param offers what the component may ask for by type, in place of what it would get or beside
   *     it
   * @throws InvalidInput if the component refuses its settings or the model, or cannot be built
   */
  <T> T create(Component<T> component, Map<Class<?>, Object> offers);
}
