package org.dpm.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Variable.Role;

/**
 * What an example consists of, in the order in which its cells stand one after another.
 *
 * @param list at least one that is modelled, all of different names
 */
public record Variables(List<Variable> list) {

  public Variables {
    list = List.copyOf(list);
    if (list.stream().map(Variable::name).distinct().count() < list.size()) {
      throw new IllegalArgumentException(
          "names of variables must be different, but are "
              + list.stream().map(Variable::name).toList());
    }
    if (list.stream().noneMatch(variable -> variable.role() == Role.MODELLED)) {
      throw new IllegalArgumentException("at least one variable must be modelled");
    }
  }

  /** A single variable, which is the whole example. */
  public static Variables of(Variable variable) {
    return new Variables(List.of(variable));
  }

  /** Columns of numbers. */
  public static Variables columns(List<String> names) {
    return new Variables(
        names.stream().map(name -> Variable.column(name, new Space.Real(0))).toList());
  }

  /** Those of a role, in their order. */
  public List<Variable> of(Role role) {
    return list.stream().filter(variable -> variable.role() == role).toList();
  }

  /** How many cells an example has, given ones included. */
  public int size() {
    return list.stream().mapToInt(Variable::size).sum();
  }

  /** How many cells of an example are modelled: its dimensions. */
  public int dimensions() {
    return of(Role.MODELLED).stream().mapToInt(Variable::size).sum();
  }

  /**
   * What each cell is called: the name of a column, or that of an array and a number from 1; x1,
   * x2, ... for an array that is the whole example.
   */
  public List<String> cellNames() {
    List<String> names = new ArrayList<>();
    for (Variable variable : list) {
      if (variable.shape().dimension() == 0) {
        names.add(variable.name());
      } else {
        String stem = list.size() == 1 ? "x" : variable.name();
        IntStream.rangeClosed(1, variable.size()).forEach(i -> names.add(stem + i));
      }
    }
    return List.copyOf(names);
  }
}
