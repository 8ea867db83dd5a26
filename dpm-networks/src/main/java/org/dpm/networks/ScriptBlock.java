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
import org.dpm.api.Signature;
import org.dpm.engine.TorchScript;
import org.jspecify.annotations.Nullable;

/**
 * A block whose whole forward pass is one call of the engine: a hundred operations cost one
 * crossing from Java, and what lies between them is freed at once.
 *
 * <p>Single precision is computed as {@link Precision} says; any other type as it is.
 */
final class ScriptBlock extends AbstractBlock {

  private final Signature signature;
  private final TimeFeatures features;
  private final Precision precision;
  private final List<Parameter> weights;
  private final List<String> methods;
  private @Nullable TorchScript operators;

  /**
   * @param script maps {@code x} [B, element...], {@code time} [B, features] and, where there is
   *     one, {@code condition} [B, condition + 1] to B times outputs times the element's size
   * @param result the script's variable that holds the answer
   * @param library methods that the script calls
   */
  ScriptBlock(
      Signature signature,
      TimeFeatures features,
      Precision precision,
      Script script,
      String result,
      List<String> library) {
    this.signature = signature;
    this.features = features;
    this.precision = precision;
    weights = script.parameters();
    weights.forEach(this::addParameter);
    methods = new ArrayList<>(library);
    List<String> inputs =
        signature.conditional() ? List.of("x", "time", "condition") : List.of("x", "time");
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
    List<NDArray> arguments = new ArrayList<>(List.of(x, features.of(inputs.get(1))));
    if (signature.conditional()) {
      arguments.add(inputs.get(2));
    }
    for (Parameter weight : weights) {
      arguments.add(parameterStore.getValue(weight, x.getDevice(), training));
    }
    boolean isShort = precision.isShort() && x.getDataType() == DataType.FLOAT32;
    NDArray answers =
        operators.call(isShort ? "short" : "exact", arguments.toArray(NDArray[]::new));
    return new NDList(answers.reshape(shape(x.getShape())));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    operators = TorchScript.compile(manager, methods.toArray(String[]::new));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {shape(inputShapes[0])};
  }

  private Shape shape(Shape x) {
    return new Shape(x.get(0), signature.outputs()).addAll(signature.element());
  }
}
