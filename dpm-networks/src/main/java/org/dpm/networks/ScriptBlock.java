package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.dpm.engine.TorchScript;
import org.jspecify.annotations.Nullable;

/**
 * A block whose whole forward pass is one call of the engine: a hundred operations cost one
 * crossing from Java, and what lies between them is freed at once.
 *
 * <p>Single precision is computed as {@link Precision} says; any other type as it is.
 */
final class ScriptBlock extends AbstractBlock {

  private final Shape element;
  private final int outputs;
  private final TimeFeatures features;
  private final Precision precision;
  private final List<Parameter> weights;
  private final List<String> methods;
  private @Nullable TorchScript operators;

  /**
   * @param script maps {@code x} [B, element...] and {@code time} [B, features] to B times outputs
   *     times the element's size
   * @param result the script's variable that holds the answer
   * @param library methods that the script calls
   */
  ScriptBlock(
      Shape element,
      int outputs,
      TimeFeatures features,
      Precision precision,
      Script script,
      String result,
      List<String> library) {
    this.element = element;
    this.outputs = outputs;
    this.features = features;
    this.precision = precision;
    weights = script.parameters();
    weights.forEach(this::addParameter);
    methods = new ArrayList<>(library);
    List<String> inputs = List.of("x", "time");
    // What is computed follows the type of the variable 'like', parameters included.
    methods.add(script.method("exact", inputs, "like = x", result));
    methods.add(script.method("short", inputs, "like = torch.to(torch.empty_like(x), 15)", result));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray x = inputs.get(0);
    if (operators == null) {
      throw new IllegalStateException("the block is not initialised");
    }
    NDArray[] arguments = new NDArray[2 + weights.size()];
    arguments[0] = x;
    arguments[1] = features.of(inputs.get(1));
    for (int i = 0; i < weights.size(); i++) {
      arguments[2 + i] = parameterStore.getValue(weights.get(i), x.getDevice(), training);
    }
    boolean isShort = precision.isShort() && x.getDataType() == DataType.FLOAT32;
    NDArray answers = operators.call(isShort ? "short" : "exact", arguments);
    Shape shape = new Shape(x.getShape().get(0), outputs).addAll(element);
    return new NDList(answers.reshape(shape));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    operators = TorchScript.compile(manager, methods.toArray(String[]::new));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs).addAll(element)};
  }
}
