package org.dpm.categorical;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.api.Prior;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;

/**
 * An opinion on a variable: how probable each of its labels is, d, for each of its cells. What is
 * masked counts as the average label, 1 / K.
 */
final class CategoriesPrior implements Prior {

  record Settings(
      @JsonPropertyDescription("the variable, such as a column, by name") String variable,
      @JsonPropertyDescription(
              "log d of each label, in the labels' order; all may be moved by the same")
          List<Double> logOdds,
      @JsonProperty(defaultValue = "diffused")
          @JsonPropertyDescription(
              "at every step: seen through that step's noise, or constant as in the paper")
          OnTheWay onTheWay) {

    Settings {
      logOdds = List.copyOf(logOdds);
      if (!logOdds.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "logOdds must be finite, but are %s; what is certain goes into a prior 'observed'"
                .formatted(logOdds));
      }
    }
  }

  private final OnTheWay onTheWay;
  private final Blocks blocks;
  private final double logConstant;

  /** Log probabilities of all slots, [slots]; 0 where there is no opinion. */
  private final double[] log;

  private final double[] mask;

  @Inject
  CategoriesPrior(Settings settings, ForwardKernel forward, Variables variables) {
    requireCategories(variables, forward);
    onTheWay = settings.onTheWay();
    blocks = Blocks.of(variables, forward::width);
    log = new double[blocks.widths().stream().mapToInt(Integer::intValue).sum()];
    mask = new double[log.length];
    Variable about = find(settings.variable(), variables);
    int from = 0;
    for (Variable variable : variables.of(Role.MODELLED)) {
      int width = forward.width(variable.space()).orElseThrow();
      if (variable.equals(about)) {
        break;
      }
      from += width * variable.size();
    }
    int width = forward.width(about.space()).orElseThrow();
    double[] each = probabilities(about, settings.logOdds(), width);
    double sum = Arrays.stream(each).sum();
    for (int i = 0; i < width * about.size(); i++) {
      log[from + i] = Math.log(each[i % width] / sum);
      mask[from + i] = 1;
    }
    logConstant = about.size() * Math.log(sum);
  }

  private static void requireCategories(Variables variables, ForwardKernel forward) {
    for (Variable variable : variables.of(Role.MODELLED)) {
      if (!(variable.space() instanceof Space.Category)
          || forward.width(variable.space()).isEmpty()) {
        throw new InvalidInput(
            "categories: this model is of %s ('%s'), not of categories. Use a prior that is made for those: 'gaussian' or 'range' for numbers, 'bits' for bits."
                .formatted(variable.space().title(), variable.name()));
      }
    }
  }

  private static Variable find(String name, Variables variables) {
    List<Variable> modelled = variables.of(Role.MODELLED);
    List<String> names = modelled.stream().map(Variable::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new InvalidInput(
          "variable: the model has no variable '%s'.%s%n  It has: %s."
              .formatted(name, Nearest.suggestion(name, names), String.join(", ", names)));
    }
    return modelled.get(index);
  }

  /** d of each label, which sum to 1, and 1 / K for what is no label. */
  private static double[] probabilities(Variable variable, List<Double> logOdds, int width) {
    List<String> labels = ((Space.Category) variable.space()).labels();
    if (logOdds.size() != labels.size()) {
      throw new InvalidInput(
          "logOdds: must be %d, one for each label of '%s' (%s), but are %d"
              .formatted(
                  labels.size(), variable.name(), String.join(", ", labels), logOdds.size()));
    }
    double largest = logOdds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double[] d = logOdds.stream().mapToDouble(l -> Math.exp(l - largest)).toArray();
    double sum = Arrays.stream(d).sum();
    return IntStream.range(0, width)
        .mapToDouble(k -> k < d.length ? d[k] / sum : 1.0 / d.length)
        .toArray();
  }

  @Override
  public List<Factor> factors(NDArray like) {
    Categorical opinion = Categorical.ofLog(blocks, blocks.apart(array(like, log), NEVER));
    return List.of(new Factor.Factorised(opinion, array(like, mask), logConstant, onTheWay));
  }

  private static final float NEVER = Float.NEGATIVE_INFINITY;

  private static NDArray array(NDArray like, double... values) {
    NDArray array = like.getManager().create(values).reshape(1, values.length);
    return array.toType(like.getDataType(), false);
  }
}
