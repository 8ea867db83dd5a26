package org.dpm.networks;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * A forward pass in the making: the parameters of a block in the order of its arguments, and the
 * lines of TorchScript that use them.
 */
final class Script {

  private final List<Parameter> parameters = new ArrayList<>();
  private final StringBuilder arguments = new StringBuilder();
  private final StringBuilder lines = new StringBuilder();
  private int variables;

  /** Adds a parameter, and returns the name of the argument that holds it. */
  String parameter(Parameter parameter) {
    String name = "w" + parameters.size();
    parameters.add(parameter);
    arguments.append(", ").append(name).append(": Tensor");
    return name;
  }

  /** Computes an expression, and returns the name of the variable that holds its value. */
  String let(String expression) {
    String name = "v" + variables++;
    lines.append("  %s = %s\n".formatted(name, expression));
    return name;
  }

  List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  /**
   * The text of the method.
   *
   * @param inputs names of its inputs, which come before the parameters
   * @param first a line to go before all others
   * @param result the variable to return
   */
  String method(String name, List<String> inputs, String first, String result) {
    StringBuilder head = new StringBuilder("def %s(self: __torch__.Ops".formatted(name));
    inputs.forEach(input -> head.append(", ").append(input).append(": Tensor"));
    return "%s%s) -> Tensor:\n  %s\n%s  return %s\n"
        .formatted(head, arguments, first, lines, result);
  }
}
