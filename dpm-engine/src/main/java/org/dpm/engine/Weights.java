package org.dpm.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a model learns. A network's parameters lie one after the other in a single flat array,
 * of which each layer is handed a view: one optimiser call, one norm, one average and one copy then
 * serve them all. Parameters that are not the network's (of a schedule) keep arrays of their own.
 *
 * <p>{@link #arrays()} lists the flat array and the others, in an order that does not change.
 */
public final class Weights extends ParameterStore {

  private static final NDIndex EVERYTHING = new NDIndex("...");

  private final NDManager manager;
  private final List<Pair<String, Parameter>> network = new ArrayList<>();
  private final List<Pair<String, Parameter>> others = new ArrayList<>();
  private final Map<String, NDArray> views = new HashMap<>();
  private final NDArray flat;
  private final long[] sizes;

  /**
   * Takes over initialised parameters.
   *
   * @param manager owns the arrays
   * @param block initialised; its own arrays are closed
   * @param others initialised parameters by name
   */
  public Weights(NDManager manager, Block block, Map<String, Parameter> others) {
    this.manager = manager;
    NDList pieces = new NDList();
    for (Pair<String, Parameter> entry : block.getParameters()) {
      network.add(entry);
      pieces.add(entry.getValue().getArray().flatten());
    }
    sizes = pieces.stream().mapToLong(NDArray::size).toArray();
    flat = NDArrays.concat(pieces).stopGradient().duplicate();
    flat.attach(manager);
    flat.setRequiresGradient(true);
    pieces.close();
    network.forEach(entry -> entry.getValue().getArray().close());
    others.forEach((name, parameter) -> this.others.add(new Pair<>(name, parameter)));
    this.others.forEach(entry -> entry.getValue().getArray().setRequiresGradient(true));
    bind();
  }

  /** The same weights, in the same memory, with gradients of their own. */
  private Weights(NDManager manager, Block block, List<Parameter> others, Weights original) {
    this.manager = manager;
    block
        .getParameters()
        .forEach(entry -> network.add(new Pair<>(entry.getKey(), entry.getValue())));
    network.forEach(entry -> entry.getValue().getArray().close());
    sizes = original.sizes;
    flat = alias(original.flat);
    for (int i = 0; i < others.size(); i++) {
      Pair<String, Parameter> same = original.others.get(i);
      // A parameter takes no other array: its own becomes another name of the original's.
      others.get(i).getArray().intern(alias(same.getValue().getArray()));
      others.get(i).getArray().setRequiresGradient(true);
      this.others.add(new Pair<>(same.getKey(), others.get(i)));
    }
    bind();
  }

  private NDArray alias(NDArray array) {
    NDArray alias = array.stopGradient();
    NDScope.unregister(alias);
    alias.attach(manager);
    alias.setRequiresGradient(true);
    return alias;
  }

  /**
   * Weights of a replica: what is done to these in place is done to those, but for gradients.
   *
   * @param manager owns the replica's views
   * @param block initialised, of the same network; its own arrays are closed
   * @param others of the replica, initialised, in the order of the parameters given to the
   *     constructor; their own arrays are closed
   */
  public Weights shared(NDManager manager, Block block, List<Parameter> others) {
    return new Weights(manager, block, others, this);
  }

  /** The flat array of the network, then the array of every other parameter. */
  public List<NDArray> arrays() {
    List<NDArray> arrays = new ArrayList<>(List.of(flat));
    others.forEach(entry -> arrays.add(entry.getValue().getArray()));
    return arrays;
  }

  /** How many numbers there are. */
  public long count() {
    return arrays().stream().mapToLong(NDArray::size).sum();
  }

  /**
   * Hands out views anew, and closes those before. In training once for each step, since a view
   * belongs to the graph of the step that it was made in; and once before the weights are used
   * without gradients.
   */
  public void bind() {
    views.values().forEach(NDArray::close);
    try (NDScope scope = new NDScope()) {
      NDList parts = JniUtils.split((PtNDArray) flat, sizes, 0);
      for (int i = 0; i < sizes.length; i++) {
        Parameter parameter = network.get(i).getValue();
        NDArray view = parts.get(i).reshape(parameter.getShape());
        NDScope.unregister(view);
        views.put(parameter.getId(), view);
      }
    }
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    NDArray view = views.get(parameter.getId());
    if (view == null) {
      throw new IllegalStateException(
          "parameter '%s' was not there when the block was initialised"
              .formatted(parameter.getName()));
    }
    return view;
  }

  @Override
  public NDManager getManager() {
    return manager;
  }

  /** Overwrites the weights, in place, with arrays in the order of {@link #arrays()}. */
  public void assign(List<NDArray> values) {
    overwrite(arrays(), values);
  }

  /** Overwrites each array, in place, with the value beside it. */
  public static void overwrite(List<NDArray> arrays, List<NDArray> values) {
    try (GradientMode off = GradientMode.off();
        NDScope scope = new NDScope()) {
      for (int i = 0; i < arrays.size(); i++) {
        arrays.get(i).set(EVERYTHING, values.get(i));
      }
    }
  }

  /** A copy of every array, in the order of {@link #arrays()}. */
  public NDList copy(NDManager owner) {
    NDList copies = new NDList();
    try (NDScope scope = new NDScope()) {
      for (NDArray array : arrays()) {
        NDArray copy = array.stopGradient().duplicate();
        NDScope.unregister(copy);
        copy.attach(owner);
        copies.add(copy);
      }
    }
    return copies;
  }

  /** Each parameter by name, as views or copies of the given arrays (in the order of arrays()). */
  public Map<String, NDArray> named(List<NDArray> arrays) {
    Map<String, NDArray> named = new LinkedHashMap<>();
    NDList parts = JniUtils.split((PtNDArray) arrays.get(0).stopGradient(), sizes, 0);
    for (int i = 0; i < sizes.length; i++) {
      Shape shape = network.get(i).getValue().getShape();
      named.put("network." + network.get(i).getKey(), parts.get(i).reshape(shape));
    }
    for (int i = 0; i < others.size(); i++) {
      named.put(others.get(i).getKey(), arrays.get(i + 1).stopGradient());
    }
    return named;
  }

  /**
   * The inverse of {@link #named}: arrays in the order of {@link #arrays()}.
   *
   * @return null where a parameter is missing or has another shape
   */
  public @Nullable NDList unnamed(Map<String, NDArray> named) {
    NDList pieces = new NDList();
    for (Pair<String, Parameter> entry : network) {
      NDArray array = named.get("network." + entry.getKey());
      if (array == null || !array.getShape().equals(entry.getValue().getShape())) {
        return null;
      }
      pieces.add(array.flatten());
    }
    NDList arrays = new NDList(NDArrays.concat(pieces));
    for (Pair<String, Parameter> entry : others) {
      NDArray array = named.get(entry.getKey());
      if (array == null || !array.getShape().equals(entry.getValue().getShape())) {
        return null;
      }
      arrays.add(array);
    }
    return arrays;
  }
}
