package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.dpm.api.DataUnits;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;

/** Cells that a prior speaks of, and where they stand in what the kernel sees. */
final class Cells {

  private final Elements elements;
  private final List<Space> spaces;
  private final List<String> names;
  private final DataUnits units;

  /**
   * @param names empty for all
   * @throws InvalidInput if the model knows one of them not, or one is named twice
   */
  Cells(List<String> names, Variables variables, DataUnits units) {
    elements = Elements.named(names, variables);
    this.units = units;
    spaces =
        variables.of(Role.MODELLED).stream()
            .flatMap(variable -> Collections.nCopies(variable.size(), variable.space()).stream())
            .toList();
  }
}
